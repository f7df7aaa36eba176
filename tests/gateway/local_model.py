"""A real local server behind the gateway: llama.cpp with a model that knows nothing and can keep a schema. Chats, streams,
schemas, vectors, callers who hang up, and its tokens in its own count.

    python local_model.py PROGRAM
"""
import json
import sys
import threading

import anthropic
import openai
from _local import Local
from _world import KEY, Tests, World

SCHEMA = {"type": "object", "properties": {"title": {"type": "string"}, "lines": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 4},
          "mood": {"type": "string", "enum": ["calm", "wild"]}, "beats": {"type": "integer"}},
          "required": ["title", "lines", "mood", "beats"], "additionalProperties": False}
PATIENCE = 120

local = Local()
world = World(sys.argv[1], more=local.settings())
test = Tests()
client = openai.OpenAI(base_url=f"{world.url}/v1", api_key=KEY, max_retries=0, timeout=PATIENCE)


def ask(text="the blues", tokens=60, **more):
    return client.chat.completions.create(model="tiny", messages=[{"role": "user", "content": text}], max_tokens=tokens, seed=3, **more)


def chats():
    answer = ask()
    entry = local.log()[-1]
    assert answer.choices[0].finish_reason == "length" and answer.choices[0].message.content
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (entry["input"], 60) == (entry["input"], entry["output"])


def streams():
    whole = ask().choices[0].message.content
    chunks = list(ask(stream=True, stream_options={"include_usage": True}))
    pieces = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
    assert "".join(pieces).strip() == whole, "the same question with the same seed"
    assert len(pieces) > 20, "it came in one piece"
    entry = local.log()[-1]
    assert (chunks[-1].usage.prompt_tokens, chunks[-1].usage.completion_tokens) == (entry["input"], entry["output"])


def keeps_schemas():
    form = {"type": "json_schema", "json_schema": {"name": "song", "schema": SCHEMA, "strict": True}}
    for seed in range(8):
        answer = client.chat.completions.create(model="tiny", messages=[{"role": "user", "content": "a song"}], max_tokens=2000, seed=seed, response_format=form)
        assert answer.choices[0].finish_reason == "stop", "it found no end"
        song = json.loads(answer.choices[0].message.content)
        assert set(song) == set(SCHEMA["required"]), song
        assert isinstance(song["title"], str) and song["beats"] == int(song["beats"]) and song["mood"] in ("calm", "wild"), song
        assert 2 <= len(song["lines"]) <= 4 and all(isinstance(line, str) for line in song["lines"]), song
    assert local.log()[-1]["schema"], "the schema did not reach it"


def speaks_as_anthropic():
    there = anthropic.Anthropic(base_url=world.url, api_key=KEY, max_retries=0, timeout=PATIENCE)
    answer = there.messages.create(model="tiny", max_tokens=40, system="a teacher", messages=[{"role": "user", "content": "the blues"}])
    entry = local.log()[-1]
    assert answer.stop_reason == "max_tokens" and answer.content[0].text
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (entry["input"], entry["output"]) and entry["output"] == 40
    with there.messages.stream(model="tiny", max_tokens=40, messages=[{"role": "user", "content": "the blues"}]) as stream:
        said = "".join(stream.text_stream)
        end = stream.get_final_message()
    entry = local.log()[-1]
    assert said and (end.usage.input_tokens, end.usage.output_tokens) == (entry["input"], entry["output"])


def embeds():
    vectors = [one.embedding for one in client.embeddings.create(model="tiny", input=["jazz", "salsa", "jazz"], encoding_format="float").data]
    assert all(len(vector) == 64 for vector in vectors)
    assert vectors[0] == vectors[2] and vectors[0] != vectors[1]


def too_long():
    try:
        ask("z q " * 9000)
    except openai.BadRequestError as error:
        assert error.code == "context_length_exceeded", error
        return
    raise AssertionError("it was answered")


def hangs_up():
    """A caller who leaves stops the model, which would go on for half a minute: the next question is not behind it."""
    before = len(local.log())
    stream = ask(tokens=15000, stream=True)
    next(chunk for chunk in stream if chunk.choices[0].delta.content)
    stream.close()
    entry = after(before)
    assert entry["reason"] == "gone" and entry["output"] < 15000, entry


def after(count):
    """The log's line that comes after so many."""
    waited, done = 0, threading.Event()
    while waited < PATIENCE:
        log = local.log()
        if len(log) > count:
            return log[count]
        done.wait(0.05)
        waited += 0.05
    raise AssertionError("the model goes on although nobody listens")


for check in (chats, streams, keeps_schemas, speaks_as_anthropic, embeds, too_long, hangs_up):
    test(check.__name__, check)
world.close()
local.close()
test.end()
