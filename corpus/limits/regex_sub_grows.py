# ends: limit instructions
import re
x = 'a'
while True:
    x = re.sub('a', 'aaaa', x)
