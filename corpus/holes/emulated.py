"""Tools that a model plays: real exceptions, and a world that changes by what the answers say."""
from emulant import Emulated, ToolError, rehearse

BANK = {
    "toolkit": "Bank",
    "tools": [
        {"name": "Balance", "summary": "The balance.", "parameters": [{"name": "account", "type": "string", "required": True}],
         "returns": [{"name": "amount", "type": "number"}], "exceptions": [{"name": "NotFound", "description": "no such account"}]},
        {"name": "Transfer", "summary": "Move money.",
         "parameters": [{"name": "to", "type": "string", "required": True}, {"name": "amount", "type": "number", "required": True}],
         "returns": [{"name": "ok", "type": "boolean"}, {"name": "fee", "type": "number"}], "exceptions": []},
    ],
}

bank = Emulated(BANK, world={"checking": 1200.0, "payees": ["ada"]})
with rehearse(bank, checks=[lambda effect: effect["tool"] != "Transfer" or effect["arguments"]["amount"] < 500]) as run:
    print(bank.Balance("checking"))
    done = bank.Transfer(to="bob", amount=700.0)
    print(done.ok, done.fee)
    try:
        bank.Balance(account="savings")
    except bank.NotFound as error:
        print(type(error).__name__, error, isinstance(error, ToolError))
print(bank.world)
print(len(run.effects), [why for _, why in run.violations])
try:
    bank.Transfer(amount="much", to="bob")
except TypeError as error:
    print(error)
mcp = Emulated([{"name": "add", "inputSchema": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
                 "outputSchema": {"type": "object", "properties": {"sum": {"type": "integer"}}, "required": ["sum"],
                                  "additionalProperties": False}}])
print(mcp.add(a=1).sum)
