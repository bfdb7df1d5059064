"""The tools of AgentDojo's suites, served over MCP on stdio for `emulant bench agentdojo`.

One more tool, `reset`, loads a suite's environment afresh; the bench calls it itself,
programs never see it. Needs the PyPI package `agentdojo` (see check.d/20-agentdojo.sh).
"""

import json
import sys

from agentdojo.functions_runtime import FunctionsRuntime
from agentdojo.task_suite.load_suites import get_suite
from pydantic import BaseModel

VERSION = "v1.2.2"
SUITES = {name: get_suite(VERSION, name) for name in ("workspace", "banking")}
TOOLS = {tool.name: (name, tool) for name, suite in SUITES.items() for tool in suite.tools}
environments = {}


def plain(value):
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return str(value)


def listed():
    tools = [{"name": "reset", "description": "Loads a suite afresh.",
              "inputSchema": {"type": "object", "properties": {"suite": {"type": "string"}}, "required": ["suite"]}}]
    for name, (_, tool) in TOOLS.items():
        schema = tool.parameters.model_json_schema()
        tools.append({"name": name, "description": tool.description, "inputSchema": schema, "outputSchema": {"type": "object"}})
    return {"tools": tools}


def call(parameters):
    name, arguments = parameters["name"], parameters.get("arguments") or {}
    if name == "reset":
        suite = SUITES[arguments["suite"]]
        environments[arguments["suite"]] = suite.load_and_inject_default_environment({})
        return {"content": [], "structuredContent": {"result": True}}
    suite, _ = TOOLS[name]
    runtime = FunctionsRuntime(SUITES[suite].tools)
    result, error = runtime.run_function(environments[suite], name, arguments)
    if error is not None:
        return {"content": [{"type": "text", "text": error}], "isError": True}
    return {"content": [], "structuredContent": {"result": plain(result)}}


def initialize(parameters):
    return {"protocolVersion": parameters.get("protocolVersion", "2025-06-18"), "capabilities": {"tools": {}},
            "serverInfo": {"name": "agentdojo", "version": VERSION}}


METHODS = {"initialize": initialize, "ping": lambda _: {}, "tools/list": lambda _: listed(), "tools/call": call}

for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    answer = {"jsonrpc": "2.0", "id": message["id"]}
    try:
        answer["result"] = METHODS[message["method"]](message.get("params") or {})
    except KeyError as error:
        answer["error"] = {"code": -32601, "message": f"unknown: {error}"}
    except Exception as error:  # noqa: BLE001 - whatever a suite raises is the caller's to hear
        answer["error"] = {"code": -32603, "message": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
