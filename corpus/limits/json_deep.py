# ends: raised RecursionError: maximum recursion depth exceeded
import json
json.loads('[' * 100000)
