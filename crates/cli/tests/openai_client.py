"""A model that `emulant serve` offers, used with the PyPI package `openai`; the argument is its address.

The model of the tests is small, so nothing here depends on being right: only on form.
"""

import json
import math
import sys
import threading

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key="none", max_retries=0, timeout=300)
HI = [{"role": "system", "content": "Answer shortly."}, {"role": "user", "content": "What is the capital of France?"}]


def refused(status, part, **wishes):
    try:
        client.chat.completions.create(model="any", messages=HI, **wishes)
    except openai.APIStatusError as error:
        assert error.status_code == status and part in str(error), error
    else:
        raise AssertionError(f"{wishes} was not refused")


[model] = client.models.list().data
assert model.id.startswith("smollm2-135m-instruct-q4_1@"), model

whole = client.chat.completions.create(model=model.id, messages=HI, max_tokens=12, logprobs=True, top_logprobs=3)
[choice] = whole.choices
assert choice.message.content and choice.finish_reason in ("stop", "length"), whole
assert whole.usage.prompt_tokens > 10 and whole.usage.completion_tokens == len(choice.logprobs.content), whole
for token in choice.logprobs.content:
    # Without a temperature the likeliest token is taken.
    assert token.logprob <= 0 and token.top_logprobs[0].token == token.token, token
    assert len(token.top_logprobs) == 3 and sum(math.exp(one.logprob) for one in token.top_logprobs) <= 1.0001, token
spelt = b"".join(bytes(token.bytes) for token in choice.logprobs.content)
assert spelt.decode("utf-8", "replace").startswith(choice.message.content), (spelt, choice)

with client.chat.completions.create(model="any", messages=HI, max_tokens=12, stream=True, stream_options={"include_usage": True}) as stream:
    chunks = list(stream)
text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
assert text == choice.message.content and len(chunks) > 3, (text, choice)
assert chunks[0].choices[0].delta.role == "assistant" and chunks[-1].usage == whole.usage, chunks
assert chunks[-2].choices[0].finish_reason == choice.finish_reason, chunks

schema = {"type": "object", "properties": {"city": {"type": "string", "maxLength": 20}, "sure": {"type": "boolean"}, "size": {"type": "integer", "minimum": 1, "maximum": 99}},
          "required": ["city", "sure", "size"], "additionalProperties": False}
held = client.chat.completions.create(model="any", messages=HI, max_tokens=100, response_format={"type": "json_schema", "json_schema": {"name": "city", "schema": schema, "strict": True}})
answer = json.loads(held.choices[0].message.content)
assert list(answer) == ["city", "sure", "size"] and type(answer["sure"]) is bool and 1 <= answer["size"] <= 99, answer
assert held.choices[0].finish_reason == "stop", held

drawn = [client.chat.completions.create(model="any", messages=HI, max_tokens=12, temperature=1.0, seed=seed).choices[0].message.content for seed in (1, 1, 2, 3)]
assert drawn[0] == drawn[1] and len(set(drawn)) > 1, drawn

stop = choice.message.content[3:6]
ended = client.chat.completions.create(model="any", messages=HI, max_tokens=12, stop=[stop]).choices[0]
assert ended.message.content == choice.message.content.split(stop)[0] and ended.finish_reason == "stop", (ended, stop)

refused(400, "n is not supported", n=2)
refused(400, "max_tokens lies between", max_tokens=100_000)
refused(400, "the schema cannot be kept to", response_format={"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "strange"}}})
refused(400, "are the most that can be asked", extra_body={"messages": [{"role": "user", "content": "word " * 20_000}]})

# Several at a time wait for each other.
answers = []
threads = [threading.Thread(target=lambda: answers.append(client.chat.completions.create(model="any", messages=HI, max_tokens=12).choices[0].message.content)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert answers == [choice.message.content] * 4, answers

# Who leaves in the middle frees the model.
with client.chat.completions.create(model="any", messages=HI, max_tokens=4000, stream=True, stop=["\x00never"]) as stream:
    next(iter(stream))
assert client.chat.completions.create(model="any", messages=HI, max_tokens=1).choices[0].message.content
print("all as it should be")
