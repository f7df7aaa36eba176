"""How four providers put a question and an answer, from their public API references (read November 2026):
OpenAI platform.openai.com/docs/api-reference/chat, Anthropic docs.claude.com/en/api/messages, Google
ai.google.dev/api/generate-content, Ollama github.com/ollama/ollama/blob/main/docs/api.md."""
import json


class Refusal(Exception):
    def __init__(self, status, kind, message):
        super().__init__(message)
        self.status, self.kind, self.message = status, kind, message


def asked(model, stream=False, embed=None):
    return {"model": model, "stream": stream, "embed": embed, "text": "", "system": "", "tools": [], "tool_choice": None,
            "schema": None, "images": [], "tool_results": [], "usage": True, "batch": False}


def words(text):
    """A text in the pieces that a stream brings."""
    return [word + " " for word in text.split(" ")[:-1]] + [text.split(" ")[-1]] if text else []


def event(data, name=None):
    return (f"event: {name}\n" if name else "") + f"data: {json.dumps(data)}\n\n"


class OpenAi:
    NAME, STREAM, HEAD = "openai", "text/event-stream", 1  # HEAD: so many pieces of a stream come before its text

    @staticmethod
    def knows(headers, key):
        return headers.get("authorization") == f"Bearer {key}"

    @staticmethod
    def read(path, body):
        if path.endswith("/embeddings"):
            inputs = body["input"] if isinstance(body["input"], list) else [body["input"]]
            return asked(body["model"], embed=inputs)
        question = asked(body["model"], body.get("stream", False))
        question["usage"] = body.get("stream_options", {}).get("include_usage", False)
        for message in body["messages"]:
            content = message.get("content") or ""
            parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
            text = "".join(part["text"] for part in parts if part["type"] == "text")
            question["images"] += [part["image_url"]["url"].split(",", 1)[1] for part in parts if part["type"] == "image_url"]
            if message["role"] in ("system", "developer"):
                question["system"] = text
            elif message["role"] == "tool":
                question["tool_results"].append(text)
            elif message["role"] == "user":
                question["text"] = text
        question["tools"] = [{"name": tool["function"]["name"], "schema": tool["function"]["parameters"]} for tool in body.get("tools", [])]
        question["tool_choice"] = body.get("tool_choice")
        form = body.get("response_format", {})
        if form.get("type") == "json_schema":
            question["schema"] = form["json_schema"]["schema"]
        return question

    @staticmethod
    def usage(a):
        return {"prompt_tokens": a["input"], "completion_tokens": a["output"], "total_tokens": a["input"] + a["output"],
                "prompt_tokens_details": {"cached_tokens": a["cached"]}, "completion_tokens_details": {"reasoning_tokens": 0}}

    @classmethod
    def whole(cls, a):
        message = {"role": "assistant", "content": a["text"] or None, "refusal": "I would rather not" if a["declines"] else None}
        if a["calls"]:
            message["tool_calls"] = [{"id": f"call_{n}", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
                                     for n, (name, arguments) in enumerate(a["calls"])]
        reason = "tool_calls" if a["calls"] else "content_filter" if a["declines"] else "stop"
        return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1760000000, "model": a["model"],
                "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": reason}], "usage": cls.usage(a)}

    @classmethod
    def pieces(cls, a, question):
        def chunk(delta, reason=None):
            return event({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1760000000, "model": a["model"],
                          "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}]})
        yield chunk({"role": "assistant", "content": ""})
        for word in words(a["text"]):
            yield chunk({"content": word})
        for n, (name, arguments) in enumerate(a["calls"]):
            yield chunk({"tool_calls": [{"index": n, "id": f"call_{n}", "type": "function", "function": {"name": name, "arguments": ""}}]})
            text = json.dumps(arguments)
            for half in (text[: len(text) // 2], text[len(text) // 2:]):
                yield chunk({"tool_calls": [{"index": n, "function": {"arguments": half}}]})
        if a["declines"]:
            yield chunk({"refusal": "I would rather not"})
        yield chunk({}, "tool_calls" if a["calls"] else "content_filter" if a["declines"] else "stop")
        if question["usage"]:
            yield event({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1760000000, "model": a["model"],
                         "choices": [], "usage": cls.usage(a)})
        yield "data: [DONE]\n\n"

    @staticmethod
    def embedded(question, vectors, tokens):
        return {"object": "list", "model": question["model"], "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
                "data": [{"object": "embedding", "index": n, "embedding": vector} for n, vector in enumerate(vectors)]}

    @staticmethod
    def refusal(r):
        code = {"authentication": "invalid_api_key", "overflow": "context_length_exceeded"}.get(r.kind, "rate_limit_exceeded" if r.status == 429 else None)
        message = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens." if r.kind == "overflow" else r.message
        return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}


class Anthropic:
    NAME, STREAM, HEAD = "anthropic", "text/event-stream", 3

    @staticmethod
    def knows(headers, key):
        shown = headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ")
        return shown == key and headers.get("anthropic-version") is not None

    @staticmethod
    def read(_path, body):
        question = asked(body["model"], body.get("stream", False))
        if "max_tokens" not in body:
            raise Refusal(400, "status", "max_tokens: Field required")
        system = body.get("system", "")
        question["system"] = system if isinstance(system, str) else "".join(part["text"] for part in system)
        for message in body["messages"]:
            parts = [{"type": "text", "text": message["content"]}] if isinstance(message["content"], str) else message["content"]
            text = "".join(part["text"] for part in parts if part["type"] == "text")
            question["images"] += [part["source"]["data"] for part in parts if part["type"] == "image"]
            for part in parts:
                if part["type"] == "tool_result":
                    inner = part["content"]
                    question["tool_results"].append(inner if isinstance(inner, str) else "".join(p["text"] for p in inner))
            if message["role"] == "user" and text:
                question["text"] = text
        question["tools"] = [{"name": tool["name"], "schema": tool["input_schema"]} for tool in body.get("tools", [])]
        question["tool_choice"] = body.get("tool_choice", {}).get("type")
        form = body.get("output_config", {}).get("format") or body.get("output_format")
        if form:
            question["schema"] = form["schema"]
        return question

    @staticmethod
    def usage(a):
        written = a.get("written", 0)
        return {"input_tokens": a["input"] - a["cached"] - written, "cache_read_input_tokens": a["cached"],
                "cache_creation_input_tokens": written, "output_tokens": a["output"]}

    @staticmethod
    def blocks(a):
        blocks = [{"type": "text", "text": a["text"]}] if a["text"] else []
        return blocks + [{"type": "tool_use", "id": f"toolu_{n}", "name": name, "input": arguments} for n, (name, arguments) in enumerate(a["calls"])]

    @staticmethod
    def reason(a):
        return "tool_use" if a["calls"] else "refusal" if a["declines"] else "end_turn"

    @classmethod
    def whole(cls, a):
        return {"id": "msg_1", "type": "message", "role": "assistant", "model": a["model"], "content": cls.blocks(a),
                "stop_reason": cls.reason(a), "stop_sequence": None, "usage": cls.usage(a)}

    @classmethod
    def pieces(cls, a, _question):
        def say(kind, **fields):
            return event({"type": kind, **fields}, kind)
        yield say("message_start", message={"id": "msg_1", "type": "message", "role": "assistant", "model": a["model"], "content": [],
                                            "stop_reason": None, "stop_sequence": None, "usage": {**cls.usage(a), "output_tokens": 1}})
        yield say("ping")
        for n, block in enumerate(cls.blocks(a)):
            if block["type"] == "text":
                yield say("content_block_start", index=n, content_block={"type": "text", "text": ""})
                for word in words(block["text"]):
                    yield say("content_block_delta", index=n, delta={"type": "text_delta", "text": word})
            else:
                yield say("content_block_start", index=n, content_block={**block, "input": {}})
                text = json.dumps(block["input"])
                for half in (text[: len(text) // 2], text[len(text) // 2:]):
                    yield say("content_block_delta", index=n, delta={"type": "input_json_delta", "partial_json": half})
            yield say("content_block_stop", index=n)
        yield say("message_delta", delta={"stop_reason": cls.reason(a), "stop_sequence": None}, usage={"output_tokens": a["output"]})
        yield say("message_stop")

    @staticmethod
    def refusal(r):
        kinds = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error",
                 413: "request_too_large", 429: "rate_limit_error", 529: "overloaded_error"}
        message = "prompt is too long: 209001 tokens > 200000 maximum" if r.kind == "overflow" else r.message
        return {"type": "error", "error": {"type": kinds.get(r.status, "api_error"), "message": message}}


class Gemini:
    NAME, STREAM, HEAD = "gemini", "text/event-stream", 0

    @staticmethod
    def knows(headers, key):
        return headers.get("x-goog-api-key") == key

    @staticmethod
    def read(path, body):
        model, method = path.split("?")[0].rsplit("/", 1)[1].split(":")
        if method == "embedContent":
            return asked(model, embed=[body["content"]["parts"][0]["text"]])
        if method == "batchEmbedContents":
            question = asked(model, embed=[one["content"]["parts"][0]["text"] for one in body["requests"]])
            question["batch"] = True
            return question
        question = asked(model, method == "streamGenerateContent")
        question["system"] = "".join(part["text"] for part in body.get("systemInstruction", {}).get("parts", []))
        for content in body["contents"]:
            text = "".join(part.get("text", "") for part in content["parts"])
            question["images"] += [part["inlineData"]["data"].replace("-", "+").replace("_", "/") for part in content["parts"] if "inlineData" in part]
            for part in content["parts"]:
                if "functionResponse" in part:
                    response = part["functionResponse"]["response"]
                    question["tool_results"].append(str(next(iter(response.values()))))
            if content.get("role", "user") == "user" and text:
                question["text"] = text
        declared = [one for tool in body.get("tools", []) for one in tool.get("functionDeclarations", [])]
        question["tools"] = [{"name": one["name"], "schema": one.get("parametersJsonSchema") or one.get("parameters_json_schema") or one.get("parameters")} for one in declared]
        mode = body.get("toolConfig", {}).get("functionCallingConfig", {}).get("mode")
        question["tool_choice"] = mode.lower() if mode else None
        config = body.get("generationConfig", {})
        question["schema"] = config.get("responseJsonSchema") or config.get("responseSchema")
        return question

    @staticmethod
    def usage(a):
        return {"promptTokenCount": a["input"], "cachedContentTokenCount": a["cached"], "candidatesTokenCount": a["output"],
                "totalTokenCount": a["input"] + a["output"]}

    @staticmethod
    def candidate(parts, reason=None):
        return {"content": {"role": "model", "parts": parts}, "index": 0, **({"finishReason": reason} if reason else {})}

    @classmethod
    def whole(cls, a):
        parts = [{"text": a["text"]}] if a["text"] else []
        parts += [{"functionCall": {"name": name, "args": arguments}} for name, arguments in a["calls"]]
        return {"candidates": [cls.candidate(parts, "SAFETY" if a["declines"] else "STOP")], "usageMetadata": cls.usage(a),
                "modelVersion": a["model"], "responseId": "r1"}

    @classmethod
    def pieces(cls, a, _question):
        for count, word in enumerate(words(a["text"]), 1):
            # It counts as it goes, and every piece says how far it is.
            yield event({"candidates": [cls.candidate([{"text": word}])], "usageMetadata": cls.usage({**a, "output": count}),
                         "modelVersion": a["model"], "responseId": "r1"})
        last = [{"functionCall": {"name": name, "args": arguments}} for name, arguments in a["calls"]]
        yield event({"candidates": [cls.candidate(last, "SAFETY" if a["declines"] else "STOP")], "usageMetadata": cls.usage(a),
                     "modelVersion": a["model"], "responseId": "r1"})

    @staticmethod
    def embedded(question, vectors, _tokens):
        values = [{"values": vector} for vector in vectors]
        return {"embeddings": values} if question["batch"] else {"embedding": values[0]}

    @staticmethod
    def refusal(r):
        status = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED",
                  503: "UNAVAILABLE"}.get(r.status, "INTERNAL")
        message = "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)." if r.kind == "overflow" else r.message
        return {"error": {"code": r.status, "message": message, "status": status}}


class Ollama:
    NAME, STREAM, HEAD = "ollama", "application/x-ndjson", 0

    @staticmethod
    def knows(_headers, _key):
        return True

    @staticmethod
    def read(path, body):
        if path.endswith("/embed"):
            inputs = body["input"] if isinstance(body["input"], list) else [body["input"]]
            return asked(body["model"], embed=inputs)
        question = asked(body["model"], body.get("stream", True))
        for message in body["messages"]:
            question["images"] += message.get("images", [])
            if message["role"] == "system":
                question["system"] = message["content"]
            elif message["role"] == "tool":
                question["tool_results"].append(message["content"])
            elif message["role"] == "user":
                question["text"] = message["content"]
        question["tools"] = [{"name": tool["function"]["name"], "schema": tool["function"]["parameters"]} for tool in body.get("tools", [])]
        question["schema"] = body.get("format") if isinstance(body.get("format"), dict) else None
        return question

    @staticmethod
    def line(a, content, calls, done):
        message = {"role": "assistant", "content": content}
        if calls:
            message["tool_calls"] = [{"function": {"name": name, "arguments": arguments}} for name, arguments in calls]
        line = {"model": a["model"], "created_at": "2026-01-01T00:00:00Z", "message": message, "done": done}
        if done:
            line |= {"done_reason": "stop", "total_duration": 1, "prompt_eval_count": a["input"], "eval_count": a["output"]}
        return line

    @classmethod
    def whole(cls, a):
        return cls.line(a, a["text"], a["calls"], True)

    @classmethod
    def pieces(cls, a, _question):
        for word in words(a["text"]):
            yield json.dumps(cls.line(a, word, [], False)) + "\n"
        if a["calls"]:
            yield json.dumps(cls.line(a, "", a["calls"], False)) + "\n"
        yield json.dumps(cls.line(a, "", [], True)) + "\n"

    @staticmethod
    def embedded(question, vectors, tokens):
        return {"model": question["model"], "embeddings": vectors, "prompt_eval_count": tokens}

    @staticmethod
    def refusal(r):
        return {"error": r.message}


DIALECTS = {one.NAME: one for one in (OpenAi, Anthropic, Gemini, Ollama)}
