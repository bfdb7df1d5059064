"""A mail server for the examples, spoken to over MCP on stdio: one tool, no mail.

`send_mail` appends the message to `outbox.jsonl` beside this file. It needs nothing
but Python, and does only what the examples need: no HTTP, no resources, no prompts.
"""

import json
import sys
from pathlib import Path

OUTBOX = Path(__file__).resolve().parent / "outbox.jsonl"

SEND_MAIL = {
    "name": "send_mail",
    "description": "Sends a mail.",
    "inputSchema": {
        "type": "object",
        "properties": {"to": {"type": "string"}, "subject": {"type": "string"}, "body": {"type": "string"}},
        "required": ["to", "subject", "body"],
        "additionalProperties": False,
    },
    "outputSchema": {
        "type": "object",
        "properties": {"number": {"type": "integer", "description": "The mail's place in the outbox, from 1."}},
        "required": ["number"],
    },
}


def send_mail(arguments):
    earlier = len(OUTBOX.read_text().splitlines()) if OUTBOX.exists() else 0
    with OUTBOX.open("a") as outbox:
        outbox.write(json.dumps(arguments) + "\n")
    result = {"number": earlier + 1}
    return {"content": [{"type": "text", "text": json.dumps(result)}], "structuredContent": result}


def initialize(parameters):
    return {
        "protocolVersion": parameters.get("protocolVersion", "2025-06-18"),
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "example-mail", "version": "1.0"},
    }


def call(parameters):
    if parameters.get("name") != "send_mail":
        raise ValueError(f"no tool {parameters.get('name')!r}")
    arguments = parameters.get("arguments") or {}
    if set(arguments) != {"to", "subject", "body"}:
        raise ValueError("send_mail wants to, subject and body")
    return send_mail(arguments)


METHODS = {
    "initialize": initialize,
    "ping": lambda parameters: {},
    "tools/list": lambda parameters: {"tools": [SEND_MAIL]},
    "tools/call": call,
}


def answer(request):
    """The reply to one message; None to a notification."""
    if "id" not in request:
        return None
    reply = {"jsonrpc": "2.0", "id": request["id"]}
    method = METHODS.get(request.get("method"))
    if method is None:
        return {**reply, "error": {"code": -32601, "message": f"no method {request.get('method')!r}"}}
    try:
        return {**reply, "result": method(request.get("params") or {})}
    except ValueError as error:
        return {**reply, "error": {"code": -32602, "message": str(error)}}


def main():
    for line in sys.stdin:
        reply = answer(json.loads(line))
        if reply is not None:
            print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
