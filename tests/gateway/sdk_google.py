"""Google's own client, pointed at the gateway, before every provider: chats, streams, tools, structured output, images,
embeddings and refusals come as from Google itself.

    python sdk_google.py PROGRAM
"""
import asyncio
import functools
import json
import sys
import urllib.error
import urllib.request

from google import genai
from google.genai import errors, types
from _world import KEY, PROVIDERS, Tests, World

SCHEMA = {"type": "object", "properties": {"title": {"type": "string"}, "beats": {"type": "integer"}}, "required": ["title", "beats"], "additionalProperties": False}
GOOGLES = {"type": "OBJECT", "properties": {"title": {"type": "STRING"}, "beats": {"type": "INTEGER"}}, "required": ["title", "beats"], "property_ordering": ["title", "beats"]}
PLACE = {"type": "OBJECT", "properties": {"place": {"type": "STRING", "enum": ["Seville", "Detroit"]}}, "required": ["place"]}
WEATHER = types.Tool(function_declarations=[types.FunctionDeclaration(name="weather", description="The weather of a place", parameters=PLACE)])
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\xfb\xff" * 46  # In base64 it has letters that differ between its two alphabets.

world = World(sys.argv[1])
test = Tests()


@functools.cache  # A client closes its connections as soon as nobody holds it, answers under way or not.
def client(key=KEY):
    options = types.HttpOptions(base_url=f"{world.url}/gemini", timeout=30_000, retry_options=types.HttpRetryOptions(attempts=1))
    return genai.Client(api_key=key, http_options=options)


def config(**more):
    return types.GenerateContentConfig(system_instruction="a teacher", max_output_tokens=200, temperature=0.5, top_p=0.9, stop_sequences=["END"], **more)


def ask(model, contents="the blues", key=KEY, **more):
    return client(key).models.generate_content(model=model, contents=contents, config=config(**more))


def stream(model, contents="the blues", **more):
    return client().models.generate_content_stream(model=model, contents=contents, config=config(**more))


def manual(tools=(WEATHER,), **more):
    return {"tools": list(tools), "automatic_function_calling": types.AutomaticFunctionCallingConfig(disable=True), **more}


def chats(provider):
    answer = ask(f"{provider}-plain")
    assert answer.text == "You said: the blues (as a teacher)", answer
    assert answer.candidates[0].finish_reason == types.FinishReason.STOP and answer.candidates[0].content.role == "model"
    usage = answer.usage_metadata
    assert (usage.prompt_token_count, usage.candidates_token_count, usage.total_token_count) == (42, 7, 49), usage
    assert (usage.cached_content_token_count or 0) == (0 if provider == "ol" else 16), usage
    assert answer.model_version == "plain" and (answer.response_id or provider == "ol")


def several_turns(provider):
    talk = client().chats.create(model=f"{provider}-plain", config=config())
    assert talk.send_message("the blues").text == "You said: the blues (as a teacher)"
    assert "".join(chunk.text or "" for chunk in talk.send_message_stream("salsa")) == "You said: salsa (as a teacher)"
    assert talk.send_message("son").text == "You said: son (as a teacher)"


def streams(provider):
    chunks = list(stream(f"{provider}-plain"))
    assert "".join(chunk.text or "" for chunk in chunks) == "You said: the blues (as a teacher)", chunks
    assert sum(1 for chunk in chunks if chunk.text) >= 7, "it came in one piece"
    assert [c.candidates[0].finish_reason for c in chunks if c.candidates[0].finish_reason] == [types.FinishReason.STOP]
    usage = chunks[-1].usage_metadata
    assert (usage.prompt_token_count, usage.candidates_token_count, usage.total_token_count) == (42, 7, 49), usage


def asynchronous(provider):
    async def both():
        own = client.__wrapped__(KEY)
        aio = own.aio
        whole = await aio.models.generate_content(model=f"{provider}-plain", contents="the blues", config=config())
        pieces = [chunk.text or "" async for chunk in await aio.models.generate_content_stream(model=f"{provider}-plain", contents="the blues", config=config())]
        await aio.aclose()
        return whole.text, "".join(pieces)
    assert asyncio.run(both()) == ("You said: the blues (as a teacher)",) * 2


def calls_tools(provider):
    answer = ask(f"{provider}-plain", "weather?", **manual())
    [call] = answer.function_calls
    assert call.name == "weather" and call.args == {"place": "Seville"}, call
    assert answer.candidates[0].finish_reason == types.FinishReason.STOP
    # Most programs name the function in its answer, and not the call.
    for response in (types.Part.from_function_response(name="weather", response={"result": "sunny"}),
                     types.Part(function_response=types.FunctionResponse(id=call.id, name="weather", response={"result": "sunny"}))):
        turns = [types.UserContent("weather?"), answer.candidates[0].content, types.UserContent([response])]
        assert ask(f"{provider}-plain", turns, **manual()).text == "The tool says: sunny"


def calls_tools_by_itself(provider):
    asked = []

    def weather(place: str) -> str:
        """The weather of a place."""
        asked.append(place)
        return "sunny"

    assert ask(f"{provider}-plain", "weather?", tools=[weather]).text == "The tool says: sunny"
    assert asked == ["blues"], asked


def streams_tools(provider):
    calls = [call for chunk in stream(f"{provider}-plain", "weather?", **manual()) for call in chunk.function_calls or []]
    assert [(call.name, call.args) for call in calls] == [("weather", {"place": "Seville"})], calls


def may_not_call(provider):
    off = types.ToolConfig(function_calling_config=types.FunctionCallingConfig(mode="NONE"))
    assert ask(f"{provider}-plain", **manual(tool_config=off)).text == "You said: the blues (as a teacher)"


def structured(provider):
    for schema in ({"response_schema": GOOGLES}, {"response_json_schema": SCHEMA}):
        answer = ask(f"{provider}-plain", response_mime_type="application/json", **schema)
        assert json.loads(answer.text) == {"title": "blues", "beats": 4} == answer.parsed, (schema, answer)


def images(provider):
    answer = ask(f"{provider}-plain", [types.Part.from_bytes(data=PICTURE, mime_type="image/png"), "What is it?"])
    assert answer.text == "An image of 100 bytes", answer.text


def embeds(provider):
    several = client().models.embed_content(model=f"{provider}-plain", contents=["jazz, blues", "salsa"])
    assert [one.values for one in several.embeddings] == [[float((length * (n + 3)) % 7) for n in range(8)] for length in (11, 5)], several
    [one] = client().models.embed_content(model=f"{provider}-plain", contents="salsa", config={"task_type": "RETRIEVAL_QUERY"}).embeddings
    assert one.values == [float((5 * (n + 3)) % 7) for n in range(8)], one
    # The SDK asks for several at once whatever it has; other programs ask for one.
    body = {"content": {"parts": [{"text": "salsa"}]}, "model": f"models/{provider}-plain"}
    found = world.post(f"/gemini/v1beta/models/{provider}-plain:embedContent", body, x_goog_api_key=KEY)
    assert found["embedding"]["values"] == one.values, found


def declines(provider):
    answer = ask(f"{provider}-declines")
    # Ollama has no word for it.
    assert answer.candidates[0].finish_reason == (types.FinishReason.STOP if provider == "ol" else types.FinishReason.SAFETY), answer
    last = list(stream(f"{provider}-declines"))[-1].candidates[0].finish_reason
    assert last == answer.candidates[0].finish_reason, last


def cut(provider):
    got = []
    try:
        for chunk in stream(f"{provider}-cut", "a rather long question about the blues"):
            got.append(chunk)
    except errors.ServerError as error:
        assert got, "nothing came before the cut"
        assert error.code == 503 and error.status == "UNAVAILABLE", error
        return
    raise AssertionError("a stream that was cut ended as if it were whole")


def hangs_up(provider):
    for _ in range(3):
        pieces = stream(f"{provider}-plain")
        assert next(pieces).text
        pieces.close()
    chats(provider)


def refused(kind, status, word, ask_it):
    try:
        ask_it()
    except errors.APIError as error:
        assert isinstance(error, kind), f"{type(error).__name__}: {error}"
        assert (error.code, error.status) == (status, word), error
        assert error.details["error"]["code"] == status, error.details
        return error
    raise AssertionError("it was answered")


def detail(error, name):
    return next(one for one in error.details["error"]["details"] if one["@type"] == f"type.googleapis.com/google.rpc.{name}")


def refusals(provider):
    for way in (ask, lambda model: list(stream(model))):
        error = refused(errors.ClientError, 429, "RESOURCE_EXHAUSTED", lambda: way(f"{provider}-status-429"))
        assert detail(error, "RetryInfo")["retryDelay"] == "7s", error.details
        refused(errors.ClientError, 404, "NOT_FOUND", lambda: way(f"{provider}-status-404"))
        refused(errors.ClientError, 400, "INVALID_ARGUMENT", lambda: way(f"{provider}-status-400"))
        for status, word in ((500, "INTERNAL"), (503, "UNAVAILABLE"), (529, "UNAVAILABLE")):
            refused(errors.ServerError, status, word, lambda: way(f"{provider}-status-{status}"))
        chats(provider)  # Who fails again and again without a good answer between is left alone.


def overflow(provider):
    error = refused(errors.ClientError, 400, "INVALID_ARGUMENT", lambda: ask(f"{provider}-overflow"))
    assert "token" in error.message or "long" in error.message, error


for provider in PROVIDERS:
    for check in (chats, several_turns, streams, asynchronous, calls_tools, calls_tools_by_itself, streams_tools, may_not_call, structured,
                  images, embeds, declines, cut, hangs_up, refusals, overflow):
        if check is embeds and provider == "an":  # Anthropic has no embeddings
            continue
        if check is overflow and provider == "ol":  # Ollama cuts the question off and does not say so
            continue
        if check is may_not_call and provider == "ol":  # Ollama has no word for it
            continue
        test(f"{check.__name__} before {provider}", lambda: check(provider))


def models():
    names = [model.name for model in client().models.list()]
    assert "models/oa-plain" in names and "models/an-plain" in names and "models/house/of/plain" in names, names
    assert client().models.get(model="house/of/plain").name == "models/house/of/plain"
    error = refused(errors.ClientError, 404, "NOT_FOUND", lambda: client().models.get(model="oa-plian"))
    assert "oa-plain" in error.message, error


def slashes():
    assert ask("house/of/plain").text == ask("models/house/of/plain").text == "You said: the blues (as a teacher)"
    assert "".join(chunk.text or "" for chunk in stream("house/of/plain:3b")) == "You said: the blues (as a teacher)"


def unknown():
    error = refused(errors.ClientError, 404, "NOT_FOUND", lambda: ask("oa-plian"))
    assert "oa-plain" in error.message and detail(error, "ErrorInfo")["reason"] == "MODEL_NOT_FOUND", error


def second_choice():
    assert ask("second-choice").text == "You said: the blues (as a teacher)"
    assert "".join(chunk.text or "" for chunk in stream("second-choice")) == "You said: the blues (as a teacher)"


def posted(path, key):
    headers = {"content-type": "application/json", **({"x-goog-api-key": key} if key else {})}
    body = json.dumps({"contents": [{"parts": [{"text": "x"}]}]}).encode()
    try:
        urllib.request.urlopen(urllib.request.Request(f"{world.url}/gemini/v1beta/models/{path}", body, headers), timeout=20)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)["error"]
    raise AssertionError("it was answered")


def key_in_the_address():
    code, error = posted(f"oa-plain:generateContent?key={KEY}", None)
    assert code == error["code"] == 401 and "x-goog-api-key" in error["message"] and KEY not in json.dumps(error), error


def not_there():
    assert posted("oa-plain:countTokens", KEY)[0] == 404
    code, error = posted("oa-plain:streamGenerateContent", KEY)
    assert code == 400 and error["details"][0]["fieldViolations"][0]["field"] == "alt", error


test("lists models", models)
test("names with slashes and colons", slashes)
test("an unknown model, with the nearest names", unknown)
test("a key that nobody knows", lambda: refused(errors.ClientError, 401, "UNAUTHENTICATED", lambda: ask("oa-plain", key="sk-nobody")))
test("a key for embeddings only", lambda: refused(errors.ClientError, 403, "PERMISSION_DENIED", lambda: ask("oa-plain", key="sk-eduai-embeddings")))
test("a key without money", lambda: refused(errors.ClientError, 429, "RESOURCE_EXHAUSTED", lambda: ask("oa-plain", key="sk-eduai-poor")))
test("a key in the address", key_in_the_address)
test("what is not there", not_there)
test("the second provider where the first fails", second_choice)
world.close()
test.end()
