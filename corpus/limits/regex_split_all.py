# ends: limit instructions
import re
while True:
    re.split(r'', 'a' * 100000)
