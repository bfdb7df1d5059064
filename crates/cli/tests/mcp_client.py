"""Drives `emulant mcp` with the MCP client of the PyPI package `mcp`, and checks what a client sees.

Started by mcp_client.rs: mcp_client.py EMULANT ARGUMENT... in a folder of the test's own.
"""

import json
import os
import sys

import anyio
from mcp import ClientSession, MCPError
from mcp.client.stdio import StdioServerParameters, stdio_client

SERVER = StdioServerParameters(command=sys.argv[1], args=["mcp", *sys.argv[2:]], env=dict(os.environ), cwd=os.getcwd())


async def ran(session, code, **arguments):
    """The structured result of a program; `call_tool` itself compares it with the tool's outputSchema."""
    result = await session.call_tool("run_program", {"code": code, **arguments})
    assert not result.is_error, result
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


async def refusal(session, tool, arguments):
    result = await session.call_tool(tool, arguments)
    assert result.is_error, result
    return result.content[0].text


async def programs(session):
    done = await ran(session, "print(sum(xs))", inputs={"xs": [1, 2, 3]})
    assert (done["result"], done["output"], done["exit_status"]) == ("done", "6\n", 0), done
    raised = await ran(session, "def f():\n    return {}['é']\nprint(1)\nf()")
    assert (raised["result"], raised["output"], raised["exit_status"]) == ("raised", "1\n", 1), raised
    assert raised["errors"].startswith("Traceback (most recent call last):\n") and raised["errors"].endswith("KeyError: 'é'\n"), raised
    limit = await ran(session, "text = 'x' * 10 ** 12")
    assert (limit["result"], limit["exit_status"]) == ("limit", 66), limit
    rejected = await ran(session, "def (")
    assert (rejected["result"], rejected["exit_status"]) == ("rejected", 65), rejected
    assert (await ran(session, ""))["result"] == "done"
    large = await ran(session, "print(len(text))", inputs={"text": "é" * 1_000_000})
    assert large["output"] == "1000000\n", large["result"]


async def waiting(session):
    asked = await ran(session, "print('a')\nname = input('who? ')\nprint(name)")
    assert (asked["result"], asked["exit_status"]) == ("waiting", 75), asked
    (entry,) = asked["waiting"]
    wrong = await refusal(session, "resume", {"run": asked["run"], "seq": entry["seq"], "answer": 7})
    assert "answer a JSON string: the line" in wrong, wrong
    result = await session.call_tool("resume", {"run": asked["run"], "seq": entry["seq"], "answer": "ada"})
    resumed = result.structured_content
    assert (resumed["result"], resumed["output"], resumed["run"]) == ("done", "ada\n", asked["run"]), resumed
    again = await refusal(session, "resume", {"run": asked["run"], "seq": entry["seq"], "answer": "eve"})
    assert "is finished" in again, again


async def calls(session):
    acting = "from emulant import tools\ntools.write_file('x.txt', 'y')\nprint(tools.read_file('x.txt'))"
    asked = await ran(session, acting)
    (entry,) = asked["waiting"]
    assert asked["result"] == "waiting" and "write_file" in entry["sentence"], asked
    # The client wrote the program, so that it cannot approve what the program does.
    no = await refusal(session, "resume", {"run": asked["run"], "seq": entry["seq"], "answer": True})
    assert no.startswith("a person must say so: emulant answer "), no
    assert not os.path.exists("x.txt")
    unknown = await ran(session, "from emulant import tools\ntools.send_mail('eve')")
    assert unknown["exit_status"] == 1 and "send_mail" in unknown["errors"], unknown
    outside = await ran(session, "from emulant import tools\ntools.read_file('../secret')")
    assert outside["result"] == "raised", outside
    assert (await ran(session, "open('/etc/passwd')"))["result"] == "raised"


async def malformed(session):
    assert "\"code\" is a required property" in await refusal(session, "run_program", {})
    assert await refusal(session, "run_program", {"code": 7}) == "$.code: 7 is not of type \"string\""
    assert await refusal(session, "run_program", {"code": "1", "inputs": [1]}) == "$.inputs: [1] is not of type \"object\""
    assert "grant" in await refusal(session, "run_program", {"code": "1", "grant": "everything"})
    assert "no run" in await refusal(session, "resume", {"run": "zzzz"})
    assert "$.seq" in await refusal(session, "resume", {"run": "0", "seq": -1, "answer": 1})
    assert "go together" in await refusal(session, "resume", {"run": (await ran(session, "input()"))["run"], "seq": 1})
    try:
        await session.call_tool("no_such_tool", {})
    except MCPError as error:
        assert "no_such_tool" in str(error), error
    else:
        raise AssertionError("a tool that is not there was called")
    # After all of this the server is well.
    assert (await ran(session, "print('well')"))["output"] == "well\n"


async def main():
    async with stdio_client(SERVER) as (read, write), ClientSession(read, write) as session:
        with anyio.fail_after(100):
            about = await session.initialize()
            assert about.server_info.name == "emulant", about
            listed = (await session.list_tools()).tools
            assert [tool.name for tool in listed][:2] == ["run_program", "resume"], listed
            assert all(tool.output_schema for tool in listed), listed
            for part in (programs, waiting, calls, malformed):
                await part(session)
    print("all as it should be, protocol", about.protocol_version)


anyio.run(main)
