"""A tiny MCP server that misbehaves on demand; no packages needed."""
import json
import os
import sys
import time

OBJECT = {"type": "object"}
NUMBER = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
TOOLS = [
    {"name": "echo-back", "description": "d", "inputSchema": {"type": "object", "properties": {"a": {"type": "string"}}}},
    {"name": "json", "inputSchema": OBJECT, "outputSchema": NUMBER},
    {"name": "lie", "inputSchema": OBJECT, "outputSchema": NUMBER},
    {"name": "parts", "inputSchema": OBJECT},
    {"name": "nothing", "inputSchema": OBJECT},
    {"name": "fail", "inputSchema": OBJECT},
    {"name": "refuse", "inputSchema": OBJECT},
    {"name": "crash", "inputSchema": OBJECT},
    {"name": "hang", "inputSchema": OBJECT},
    {"name": "garbage", "inputSchema": OBJECT},
    {"name": "count", "inputSchema": OBJECT},
    {"name": "environment", "inputSchema": OBJECT},
    {"name": "long", "inputSchema": OBJECT},
    {"name": "endless", "inputSchema": OBJECT},
]
count = 0


def text(content):
    return {"content": [{"type": "text", "text": content}]}


def call(name, arguments):
    global count
    if name == "echo-back":
        return text(arguments["a"])
    if name == "json":
        return text('{"n": 12345678901234567}')
    if name == "lie":
        return {"structuredContent": {"n": "many"}, "content": []}
    if name == "parts":
        return {"content": [{"type": "text", "text": "{}"}, {"type": "image", "data": "AA==", "mimeType": "image/png"}]}
    if name == "nothing":
        return {"content": []}
    if name == "fail":
        return dict(text("disk full"), isError=True)
    if name == "crash":
        print("Traceback ...\nRuntimeError: boom", file=sys.stderr, flush=True)
        os._exit(3)
    if name == "hang":
        time.sleep(1000)
    if name == "garbage":
        print("this is not JSON\n\n[]\n{\"jsonrpc\": 7}", flush=True)
        return text("after garbage")
    if name == "count":
        count += 1
        return text(str(count))
    if name == "long":
        return text("a" * 10_000_000)
    if name == "endless":
        for _ in range(100):
            sys.stdout.write("a" * 1_000_000)
        time.sleep(1000)
    if name == "environment":
        return text(json.dumps(sorted(os.environ)))


def main():
    mode = sys.argv[1] if len(sys.argv) > 1 else ""
    if mode == "dies":
        sys.exit("no license")
    if mode == "silent":
        time.sleep(1000)
    for line in sys.stdin:
        message = json.loads(line)
        method, answer = message.get("method"), None
        if "id" not in message:
            continue
        if method == "initialize":
            version = message["params"]["protocolVersion"]
            answer = {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": {"name": "fake", "version": "1"}}
        elif method == "tools/list":
            answer = {"tools": TOOLS}
            if mode == "endless":
                answer = {"tools": [], "nextCursor": "again"}
        elif method == "tools/call" and message["params"]["name"] != "refuse":
            answer = call(message["params"]["name"], message["params"].get("arguments", {}))
        reply = {"jsonrpc": "2.0", "id": message["id"]}
        if answer is None:
            reply["error"] = {"code": -32602, "message": "I will not"}
        else:
            reply["result"] = answer
        print(json.dumps(reply), flush=True)


main()
