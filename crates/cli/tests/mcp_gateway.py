"""Drives the gateway of `emulant mcp` and `emulant serve` with the MCP client of the PyPI package `mcp`, over
both revisions of the protocol, with five real servers behind it.

Started by mcp_client.rs: mcp_gateway.py EMULANT TOOLS_FILE in a folder of the test's own.
"""

import json
import os
import subprocess
import sys

import anyio
from mcp import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ElicitResult, InputRequiredResult

EMULANT, TOOLS = sys.argv[1:3]
FLAGS = ["--tools", TOOLS, "--root", "."]


def emulant(*arguments):
    return subprocess.run([EMULANT, *arguments], capture_output=True, text=True)


def text_of(result):
    return "\n".join(block.text for block in result.content)


class Person:
    """Who answers elicitations: with what it is told, remembering what it was asked."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    async def __call__(self, context, params):
        self.asked.append(params.message)
        action, content = self.answers.pop(0)
        return ElicitResult(action=action, content=content)


async def call(session, person, tool, arguments):
    """Calls a tool; where the answer is a question (2026-07-28), asks the person and calls again."""
    result = await session.call_tool(tool, arguments, allow_input_required=True)
    while isinstance(result, InputRequiredResult):
        answers = {key: await person(None, request.params) for key, request in result.input_requests.items()}
        result = await session.call_tool(tool, arguments, input_responses=answers, request_state=result.request_state, allow_input_required=True)
    return result


YES = ("accept", {"yes": True})
NO = ("decline", None)
LATER = ("cancel", None)


async def connected(flags, person, act, discover):
    server = StdioServerParameters(command=EMULANT, args=["mcp", *flags], env=dict(os.environ), cwd=os.getcwd())
    async with stdio_client(server) as (read, write), ClientSession(read, write, elicitation_callback=person) as session:
        with anyio.fail_after(150):
            await (session.discover() if discover else session.initialize())
            await act(session)
        return session.protocol_version


async def behind(session):
    """All five servers answer through the gate, with results of every kind."""
    tools = {tool.name: tool for tool in (await session.list_tools()).tools}
    for name in ("run_program", "resume", "journal", "echo", "read_text_file", "git_status", "read_graph", "get_current_time"):
        assert name in tools, sorted(tools)
    assert tools["echo"].annotations.read_only_hint is True and tools["create_entities"].annotations.read_only_hint is False
    assert text_of(await session.call_tool("echo", {"message": "é {} \n"})) == "Echo: é {} \n"
    image = await session.call_tool("get_tiny_image", {})
    assert any(block.type == "image" and block.mime_type == "image/png" for block in image.content), image
    graph = await session.call_tool("read_graph", {})
    assert graph.structured_content == {"entities": [], "relations": []}, graph
    assert "datetime" in text_of(await session.call_tool("get_current_time", {"timezone": "UTC"}))
    note = await session.call_tool("read_text_file", {"path": os.path.abspath("note.txt")})
    assert note.structured_content == {"content": "the note"}, note
    assert "No commits yet" in text_of(await session.call_tool("git_status", {"repo_path": os.getcwd()}))
    wrong = await session.call_tool("echo", {"message": 7})
    assert wrong.is_error and text_of(wrong) == '$.message: 7 is not of type "string"', wrong


ENTITY = {"entities": [{"name": "ada", "entityType": "person", "observations": ["counts"]}]}


async def names(session):
    graph = await session.call_tool("read_graph", {})
    return [entity["name"] for entity in graph.structured_content["entities"]]


async def approved(discover):
    """Yes, no and neither, said by the client's person."""
    person = Person(NO, LATER, YES)

    async def act(session):
        await behind(session)
        refused = await call(session, person, "create_entities", ENTITY)
        assert refused.is_error and "create_entities" in text_of(refused), refused
        assert await names(session) == []
        left = await call(session, person, "create_entities", ENTITY)
        assert left.is_error and "emulant answer" in text_of(left), left
        run = text_of(left).split("emulant answer ")[1].split()[0]
        # Nothing else passes until somebody says yes or no; the client may say no itself.
        assert "not called" in text_of(await session.call_tool("echo", {"message": "x"}))
        seq = int(text_of(left).split("emulant answer ")[1].split()[1])
        withdrawn = await session.call_tool("resume", {"run": run, "seq": seq, "answer": False})
        assert withdrawn.structured_content["result"] == "raised", withdrawn
        done = await call(session, person, "create_entities", ENTITY)
        assert not done.is_error and done.structured_content["entities"][0]["name"] == "ada", done
        assert await names(session) == ["ada"]
        assert len(person.asked) == 3 and all("create_entities" in asked for asked in person.asked), person.asked
        # A program that waits for a line asks the same person.
        person.answers.append(("accept", {"line": "ada"}))
        ran = (await call(session, person, "run_program", {"code": "print('a')\nprint(input('who? '))"})).structured_content
        assert (ran["result"], ran["output"]) == ("done", "a\nwho? ada\n"), ran
        assert person.asked[-1] == "who? "
        rows = (await session.call_tool("journal", {})).structured_content["runs"]
        assert {"<gateway>", "program.py"} <= {row["file"] for row in rows}, rows
        entries = (await session.call_tool("journal", {"run": run})).structured_content["entries"]
        assert any("create_entities" in entry["entry"] for entry in entries), entries

    return await connected(FLAGS, person, act, discover)


async def answered_elsewhere():
    """A client without elicitation waits for `emulant answer`, and fetches the result."""

    async def act(session):
        left = await session.call_tool("create_entities", {"entities": [{"name": "bob", "entityType": "person", "observations": []}]})
        assert left.is_error, left
        run, seq = text_of(left).split("emulant answer ")[1].split()[:2]
        mine = await session.call_tool("resume", {"run": run, "seq": int(seq), "answer": True})
        assert mine.is_error and "a person must say so" in text_of(mine), mine
        still = await session.call_tool("resume", {"run": run})
        assert still.structured_content["result"] == "waiting", still
        said = await anyio.to_thread.run_sync(lambda: emulant("answer", run, seq, "true"))
        assert said.returncode == 0, said
        fetched = (await session.call_tool("resume", {"run": run})).structured_content
        assert fetched["result"] == "done" and "bob" in fetched["output"], fetched
        assert "bob" in await names(session)

    await connected(FLAGS, None, act, False)


async def crash_and_limits():
    async def act(session):
        # The server of `fake.json` crashes; the next call starts it anew.
        gone = await session.call_tool("crash", {})
        assert gone.is_error and "it ended before it answered" in text_of(gone), gone
        assert text_of(await session.call_tool("echo_back", {"a": "well"})) == "well"
        lie = await session.call_tool("lie", {})
        assert lie.is_error and "does not fit its schema" in text_of(lie), lie
        unknown = await session.call_tool("resume", {"run": "zzzz"})
        assert unknown.is_error and "no run" in text_of(unknown), unknown

    await connected(["--tools", "fake.json"], None, act, False)


async def over_http():
    """The same over HTTP: who shows no token or comes from a web page stays outside."""
    import httpx2

    with open("token", "w") as file:
        file.write("a-secret\n")
    process = subprocess.Popen([EMULANT, "serve", *FLAGS, "--listen", "127.0.0.1:0", "--token-file", "token"], stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().strip()
        headers = {"Authorization": "Bearer a-secret"}
        body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        accept = {"Accept": "application/json, text/event-stream"}
        async with httpx2.AsyncClient() as plain:
            for more, status in [({}, 401), ({"Authorization": "Bearer wrong"}, 401), ({**headers, "Origin": "http://evil.example"}, 403), ({**headers, "Host": "evil.example"}, 403)]:
                answer = await plain.post(url, json=body, headers={**accept, **more})
                assert answer.status_code == status, (more, answer)
            assert (await plain.get(url.replace("/mcp", "/other"), headers=headers)).status_code == 404
        versions = []
        for discover in (False, True):
            person = Person(YES)
            async with httpx2.AsyncClient(headers=headers, timeout=60) as client:
                async with streamable_http_client(url, http_client=client) as streams:
                    async with ClientSession(streams[0], streams[1], elicitation_callback=person) as session:
                        await (session.discover() if discover else session.initialize())
                        assert text_of(await session.call_tool("echo", {"message": "x"})) == "Echo: x"
                        name = f"http{discover}"
                        done = await call(session, person, "create_entities", {"entities": [{"name": name, "entityType": "t", "observations": []}]})
                        assert not done.is_error and len(person.asked) == 1, (done, person.asked)
                        assert name in await names(session)
                        versions.append(session.protocol_version)
        return versions
    finally:
        process.kill()


async def main():
    versions = [await approved(False)]
    os.remove("memory.json")
    versions.append(await approved(True))
    await answered_elsewhere()
    await crash_and_limits()
    versions += await over_http()
    listed = emulant("journal", "list").stdout.splitlines()
    sessions = [line.split()[0] for line in listed if line.endswith("<gateway>") and " done " in line]
    assert len(sessions) >= 4, listed
    for run in sessions:
        # A session is a run like any other: it replays without a server, and its record is sound.
        assert emulant("replay", run).returncode == 0, run
        assert emulant("replay", run).returncode == 0, run
        assert emulant("journal", "verify", run).stdout.startswith("sound"), run
    print("all as it should be, protocols", json.dumps(versions))


anyio.run(main)
