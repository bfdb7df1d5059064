# ends: exit 3
import sys
while True:
    try:
        sys.exit(3)
    finally:
        pass
