"""Anthropic's own client, pointed at the gateway, before every provider: messages, streams, tools, structured output, images
and refusals come as from Anthropic itself.

    python sdk_anthropic.py PROGRAM
"""
import base64
import json
import sys

import anthropic
from _world import KEY, PROVIDERS, Tests, World

TOOL = {"name": "weather", "description": "The weather of a place", "input_schema": {
    "type": "object", "properties": {"place": {"type": "string", "enum": ["Seville", "Detroit"]}}, "required": ["place"], "additionalProperties": False}}
SCHEMA = {"type": "object", "properties": {"title": {"type": "string"}, "beats": {"type": "integer"}}, "required": ["title", "beats"], "additionalProperties": False}
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(92)).decode()

world = World(sys.argv[1])
test = Tests()


def client(key=KEY):
    return anthropic.Anthropic(base_url=world.url, api_key=key, max_retries=0, timeout=30)


def ask(model, content="the blues", key=KEY, **more):
    return client(key).messages.create(model=model, max_tokens=200, system="a teacher", messages=[{"role": "user", "content": content}], **more)


def text_of(answer):
    return "".join(block.text for block in answer.content if block.type == "text")


def chats(provider):
    answer = ask(f"{provider}-plain")
    assert text_of(answer) == "You said: the blues (as a teacher)", answer.content
    assert answer.stop_reason == "end_turn" and answer.role == "assistant" and answer.type == "message"
    kept = answer.usage.cache_read_input_tokens or 0
    assert kept == (0 if provider == "ol" else 16), answer.usage
    assert answer.usage.input_tokens + kept == 42 and answer.usage.output_tokens == 7, answer.usage


def streams(provider):
    with client().messages.stream(model=f"{provider}-plain", max_tokens=200, system="a teacher", messages=[{"role": "user", "content": "the blues"}]) as stream:
        pieces = list(stream.text_stream)
        last = stream.get_final_message()
    assert "".join(pieces) == "You said: the blues (as a teacher)", pieces
    assert len(pieces) >= 7, "it came in one piece"
    assert last.stop_reason == "end_turn"
    assert last.usage.output_tokens == 7, last.usage


def events_in_order(provider):
    names = [event.type for event in ask(f"{provider}-plain", stream=True) if event.type != "ping"]
    assert names[:2] == ["message_start", "content_block_start"], names
    assert names[-3:] == ["content_block_stop", "message_delta", "message_stop"], names
    assert set(names[2:-3]) == {"content_block_delta"}, names


def calls_tools(provider):
    answer = ask(f"{provider}-plain", tools=[TOOL])
    assert answer.stop_reason == "tool_use", answer.stop_reason
    call = next(block for block in answer.content if block.type == "tool_use")
    assert call.name == "weather" and call.input == {"place": "Seville"}, call
    messages = [{"role": "user", "content": "weather?"}, {"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in answer.content]},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": call.id, "content": "sunny"}]}]
    again = client().messages.create(model=f"{provider}-plain", max_tokens=100, tools=[TOOL], messages=messages)
    assert text_of(again) == "The tool says: sunny", again.content


def streams_tools(provider):
    with client().messages.stream(model=f"{provider}-plain", max_tokens=100, tools=[TOOL], messages=[{"role": "user", "content": "weather?"}]) as stream:
        answer = stream.get_final_message()
    call = next(block for block in answer.content if block.type == "tool_use")
    assert call.input == {"place": "Seville"} and answer.stop_reason == "tool_use", answer


def structured(provider):
    answer = ask(f"{provider}-plain", output_config={"format": {"type": "json_schema", "schema": SCHEMA}})
    assert json.loads(text_of(answer)) == {"title": "blues", "beats": 4}, answer.content


def images(provider):
    source = {"type": "base64", "media_type": "image/png", "data": PICTURE}
    answer = ask(f"{provider}-plain", [{"type": "image", "source": source}, {"type": "text", "text": "What is it?"}])
    assert text_of(answer) == "An image of 100 bytes", answer.content


def cut(provider):
    got = []
    try:
        for event in ask(f"{provider}-cut", "a rather long question about the blues", stream=True):
            got.append(event)
    except anthropic.APIError:
        assert got, "nothing came before the cut"
        return
    raise AssertionError("a stream that was cut ended as if it were whole")


def refused(kind, status, ask_it):
    try:
        ask_it()
    except anthropic.APIStatusError as error:
        assert isinstance(error, kind), f"{type(error).__name__}: {error}"
        assert error.status_code == status, error.status_code
        assert error.body["type"] == "error" and error.body["error"]["type"], error.body
        return error
    raise AssertionError("it was answered")


def refusals(provider):
    error = refused(anthropic.RateLimitError, 429, lambda: ask(f"{provider}-status-429"))
    assert error.response.headers["retry-after"] == "7"
    refused(anthropic.NotFoundError, 404, lambda: ask(f"{provider}-status-404"))
    refused(anthropic.BadRequestError, 400, lambda: ask(f"{provider}-status-400"))
    for status in (500, 503, 529):
        try:
            ask(f"{provider}-status-{status}")
        except anthropic.APIStatusError as error:
            assert error.status_code >= 500, error.status_code
            continue
        raise AssertionError(f"{status} was answered")


def overflow(provider):
    error = refused(anthropic.BadRequestError, 400, lambda: ask(f"{provider}-overflow"))
    assert "too long" in str(error) or "context" in str(error), error


for provider in PROVIDERS:
    for check in (chats, streams, events_in_order, calls_tools, streams_tools, structured, images, cut, refusals, overflow):
        if check is overflow and provider == "ol":  # Ollama cuts the question off and does not say so
            continue
        test(f"{check.__name__} before {provider}", lambda: check(provider))

test("an unknown model, with the nearest names", lambda: refused(anthropic.NotFoundError, 404, lambda: ask("an-plian")))
test("a key that nobody knows", lambda: refused(anthropic.AuthenticationError, 401, lambda: ask("an-plain", key="sk-nobody")))
test("a key for embeddings only", lambda: refused(anthropic.PermissionDeniedError, 403, lambda: ask("an-plain", key="sk-eduai-embeddings")))
test("a question without max_tokens", lambda: refused(anthropic.BadRequestError, 400, lambda: client().post(
    "/v1/messages", body={"model": "an-plain", "messages": [{"role": "user", "content": "x"}]}, cast_to=object)))
world.close()
test.end()
