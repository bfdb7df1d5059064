"""sys.exit with a text prints it and nothing else."""

import sys

print("leaving")
sys.exit("could not find the file")
