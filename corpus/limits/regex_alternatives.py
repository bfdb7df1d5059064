# ends: limit instructions
import re
re.fullmatch(r'(a|aa|a?a)*c', 'a' * 60)
