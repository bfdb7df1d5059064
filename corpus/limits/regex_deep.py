# ends: raised RecursionError: maximum recursion depth exceeded
import re
re.compile('(' * 10000 + ')' * 10000)
