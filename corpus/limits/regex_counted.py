# ends: done
import re
re.compile(r'((((a{1000}){1000}){1000}){1000})').match('a' * 10000)
