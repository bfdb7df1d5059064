# ends: raised ValueError: Circular reference detected
import json
x = []
x.append(x)
json.dumps(x)
