"""OpenAI's own client, pointed at the gateway, before every provider: chats, streams, tools, structured output, images,
embeddings and refusals come as from OpenAI itself.

    python sdk_openai.py PROGRAM
"""
import base64
import json
import sys

import openai
from _world import KEY, PROVIDERS, Tests, World

TOOL = {"type": "function", "function": {"name": "weather", "description": "The weather of a place", "parameters": {
    "type": "object", "properties": {"place": {"type": "string", "enum": ["Seville", "Detroit"]}}, "required": ["place"], "additionalProperties": False}}}
SCHEMA = {"type": "object", "properties": {"title": {"type": "string"}, "beats": {"type": "integer"}}, "required": ["title", "beats"], "additionalProperties": False}
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(92)).decode()

world = World(sys.argv[1])
test = Tests()


def client(key=KEY):
    return openai.OpenAI(base_url=f"{world.url}/v1", api_key=key, max_retries=0, timeout=30)


def ask(model, text="the blues", **more):
    return client().chat.completions.create(model=model, messages=[{"role": "system", "content": "a teacher"}, {"role": "user", "content": text}], max_tokens=200, **more)


def refused(kind, status, model, code=None, key=KEY):
    try:
        client(key).chat.completions.create(model=model, messages=[{"role": "user", "content": "x"}], max_tokens=20)
    except openai.APIStatusError as error:
        assert isinstance(error, kind), type(error)
        assert error.status_code == status, error.status_code
        assert code is None or error.code == code, error.code
        return error
    raise AssertionError("it was answered")


def chats(provider):
    answer = ask(f"{provider}-plain")
    choice = answer.choices[0]
    assert choice.message.content == "You said: the blues (as a teacher)", choice.message.content
    assert choice.finish_reason == "stop" and answer.object == "chat.completion"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (42, 7), answer.usage
    assert answer.usage.total_tokens == 49
    if provider != "ol":
        assert answer.usage.prompt_tokens_details.cached_tokens == 16


def streams(provider):
    chunks = list(ask(f"{provider}-plain", stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == "You said: the blues (as a teacher)", text
    assert sum(1 for chunk in chunks if chunk.choices and chunk.choices[0].delta.content) >= 7, "it came in one piece"
    assert [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason] == ["stop"]
    assert (chunks[-1].usage.prompt_tokens, chunks[-1].usage.completion_tokens) == (42, 7), chunks[-1].usage


def streams_without_usage(provider):
    chunks = list(ask(f"{provider}-plain", stream=True))
    assert all(chunk.choices for chunk in chunks), "a chunk without choices was not asked for"
    assert all(chunk.usage is None for chunk in chunks)


def calls_tools(provider):
    answer = ask(f"{provider}-plain", tools=[TOOL], tool_choice="auto")
    choice = answer.choices[0]
    assert choice.finish_reason == "tool_calls", choice.finish_reason
    call = choice.message.tool_calls[0]
    assert call.function.name == "weather" and json.loads(call.function.arguments) == {"place": "Seville"}, call
    messages = [{"role": "user", "content": "weather?"}, choice.message.model_dump(exclude_none=True), {"role": "tool", "tool_call_id": call.id, "content": "sunny"}]
    again = client().chat.completions.create(model=f"{provider}-plain", messages=messages, tools=[TOOL], max_tokens=100)
    assert again.choices[0].message.content == "The tool says: sunny", again.choices[0].message.content


def streams_tools(provider):
    name, arguments, ids = "", "", set()
    for chunk in ask(f"{provider}-plain", tools=[TOOL], stream=True):
        for call in (chunk.choices[0].delta.tool_calls or []) if chunk.choices else []:
            name += call.function.name or ""
            arguments += call.function.arguments or ""
            ids |= {call.id} - {None}
            assert call.index == 0
    assert name == "weather" and json.loads(arguments) == {"place": "Seville"}, (name, arguments)
    assert len(ids) == 1


def structured(provider):
    form = {"type": "json_schema", "json_schema": {"name": "song", "schema": SCHEMA, "strict": True}}
    answer = json.loads(ask(f"{provider}-plain", response_format=form).choices[0].message.content)
    assert answer == {"title": "blues", "beats": 4}, answer


def images(provider):
    content = [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PICTURE}"}}]
    answer = client().chat.completions.create(model=f"{provider}-plain", messages=[{"role": "user", "content": content}], max_tokens=50)
    assert answer.choices[0].message.content == "An image of 100 bytes", answer.choices[0].message.content


def embeds(provider):
    vectors = [one.embedding for one in client().embeddings.create(model=f"{provider}-plain", input=["jazz, blues", "salsa"], encoding_format="float").data]
    assert len(vectors) == 2 and len(vectors[0]) == 8
    assert vectors[0] == [float((11 * (n + 3)) % 7) for n in range(8)], vectors[0]
    assert vectors[1] == [float((5 * (n + 3)) % 7) for n in range(8)], vectors[1]


def cut(provider):
    got = []
    try:
        for chunk in ask(f"{provider}-cut", "a rather long question about the blues", stream=True):
            got.append(chunk)
    except openai.APIError:
        assert got, "nothing came before the cut"
        return
    raise AssertionError("a stream that was cut ended as if it were whole")


def refusals(provider):
    refused(openai.RateLimitError, 429, f"{provider}-status-429")
    assert refused(openai.RateLimitError, 429, f"{provider}-status-429").response.headers["retry-after"] == "7"
    refused(openai.NotFoundError, 404, f"{provider}-status-404")
    refused(openai.BadRequestError, 400, f"{provider}-status-400")
    for status in (500, 503, 529):
        try:
            ask(f"{provider}-status-{status}")
        except openai.InternalServerError:
            continue
        raise AssertionError(f"{status} was answered")


def overflow(provider):
    refused(openai.BadRequestError, 400, f"{provider}-overflow", "context_length_exceeded")


for provider in PROVIDERS:
    for check in (chats, streams, streams_without_usage, calls_tools, streams_tools, structured, images, embeds, cut, refusals, overflow):
        if check is embeds and provider == "an":  # Anthropic has no embeddings
            continue
        if check is overflow and provider == "ol":  # Ollama cuts the question off and does not say so
            continue
        test(f"{check.__name__} before {provider}", lambda: check(provider))


def models():
    names = [model.id for model in client().models.list().data]
    assert "oa-plain" in names and "an-plain" in names, names


def unknown():
    error = refused(openai.NotFoundError, 404, "oa-plian", "model_not_found")
    assert "oa-plain" in str(error), error


def whole_text(stream):
    return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)


test("lists models", models)
test("an unknown model, with the nearest names", unknown)
test("a key that nobody knows", lambda: refused(openai.AuthenticationError, 401, "oa-plain", "invalid_api_key", "sk-nobody"))
test("a key that has expired", lambda: refused(openai.AuthenticationError, 401, "oa-plain", None, "sk-eduai-late"))
test("a key for embeddings only", lambda: refused(openai.PermissionDeniedError, 403, "oa-plain", None, "sk-eduai-embeddings"))
test("a key without money", lambda: refused(openai.RateLimitError, 429, "oa-plain", "insufficient_quota", "sk-eduai-poor"))


def second_choice():
    assert ask("second-choice").choices[0].message.content == "You said: the blues (as a teacher)"
    assert whole_text(ask("second-choice", stream=True)) == "You said: the blues (as a teacher)"


def locked():
    """The key of the gateway at its provider is the operator's business, not the caller's."""
    try:
        ask("locked")
    except openai.APIStatusError as error:
        assert error.status_code >= 500 or error.status_code == 401, error.status_code
        assert "sk-wrong" not in str(error)
        return
    raise AssertionError("it was answered")


test("the second provider where the first fails", second_choice)
test("a provider that does not know the gateway's key", locked)
world.close()
test.end()
