"""Four providers of language models on one port, as their public API references describe them: OpenAI's at /openai/v1,
Anthropic's at /anthropic/v1, Google's at /gemini/v1beta, Ollama's at /ollama/api.

They answer as the model's name asks: `plain` says what it was told, calls the first tool that it is offered, fills in a
schema and counts the bytes of images; `status-N` refuses with N; `overflow` finds the question too long; `declines`
refuses to speak; `cut` closes the line in the middle of its answer; those of `_ledger.py` draw how much they say;
`nonsense` (`_nonsense.py`) is of no use. What was answered is kept in `log`, with its tokens: the provider's own
account, to compare with what a gateway has written down.

    python _upstream.py PORT        (0 for a free one)
"""
import base64
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import _ledger  # noqa: E402
import _nonsense  # noqa: E402
from _dialects import DIALECTS, Refusal  # noqa: E402

KEYS = {"openai": "sk-upstream", "anthropic": "sk-ant-upstream", "gemini": "AIza-upstream", "ollama": None}
VECTOR = 8


def filled(schema):
    """The smallest value that a schema allows."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    kind = kind.lower() if isinstance(kind, str) else kind
    if kind == "object":
        return {name: filled(inner) for name, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [filled(schema.get("items", {}))]
    return {"integer": 4, "number": 0.5, "boolean": True}.get(kind, "blues")


def answered(question):
    """What the model says to a question: (text, tool calls)."""
    results = question["tool_results"]
    if results:
        return f"The tool says: {results[-1]}", []
    if question["tools"] and question["tool_choice"] != "none":
        tool = question["tools"][0]
        return "", [(tool["name"], filled(tool["schema"]))]
    if question["schema"] is not None:
        return json.dumps(filled(question["schema"])), []
    if question["images"]:
        return f"An image of {len(base64.b64decode(question['images'][0]))} bytes", []
    system = f" (as {question['system']})" if question["system"] else ""
    return f"You said: {question['text']}{system}", []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    log, lock = [], threading.Lock()

    def log_message(self, *_):
        pass

    def _send(self, status, body, headers=()):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _chunk(self, text):
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def do_GET(self):
        if self.path == "/log":
            with self.lock:
                return self._send(200, self.log)
        self._send(404, {"error": {"message": "nothing here"}})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        name = self.path.split("/")[1]
        dialect = DIALECTS[name]
        if not dialect.knows(self.headers, KEYS[name]):
            return self._send(401, dialect.refusal(Refusal(401, "authentication", "The key is not known")))
        try:
            question = dialect.read(self.path, json.loads(body))
            if question["embed"] is not None:
                return self._embed(dialect, question)
            self._speak(dialect, question)
        except Refusal as refusal:
            headers = [("retry-after", "7")] if refusal.status == 429 else []
            self._send(refusal.status, dialect.refusal(refusal), headers)

    def _embed(self, dialect, question):
        if _ledger.draws(question["model"]):
            return _ledger.vectors(self, dialect, question)
        vectors = [[float((len(text) * (n + 3)) % 7) for n in range(VECTOR)] for text in question["embed"]]
        tokens = sum(max(1, len(text) // 4) for text in question["embed"])
        self._note(dialect, question, tokens, 0, 0, True)
        self._send(200, dialect.embedded(question, vectors, tokens))

    def _speak(self, dialect, question):
        model = question["model"]
        if _ledger.draws(model):
            return _ledger.answer(self, dialect, question)
        if model.startswith("status-"):
            raise Refusal(int(model[7:]), "status", f"This is status {model[7:]}")
        if model == "overflow":
            raise Refusal(400, "overflow", "too long")
        kind, text, calls = model, "", []
        if model == "nonsense":
            kind, text = _nonsense.said(question)
            if kind == "error":
                raise Refusal(500, "status", "Out of order")
        elif model != "declines":
            text, calls = answered(question)
        tokens_in, cached = 40 + len(question["text"]) // 4, 16
        tokens_out = len(text.split()) + 9 * len(calls)
        answer = {"model": model, "text": text, "calls": calls, "input": tokens_in, "cached": cached, "output": tokens_out,
                  "declines": kind == "declines"}
        if not question["stream"]:
            self._note(dialect, question, tokens_in, cached, tokens_out, True)
            return self._send(200, dialect.whole(answer))
        self.send_response(200)
        self.send_header("content-type", dialect.STREAM)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        pieces = list(dialect.pieces(answer, question))
        if model == "cut":
            for piece in pieces[: len(pieces) // 2]:
                self._chunk(piece)
            self._note(dialect, question, tokens_in, cached, tokens_out, False)
            self.close_connection = True
            self.connection.close()
            return
        for piece in pieces:
            self._chunk(piece)
        self._note(dialect, question, tokens_in, cached, tokens_out, True)
        self._chunk("")

    def _note(self, dialect, question, tokens_in, cached, tokens_out, whole):
        self._keep({"dialect": dialect.NAME, "model": question["model"], "status": 200, "input": tokens_in, "cached": cached,
                    "output": tokens_out, "stream": question["stream"], "whole": whole})

    def _keep(self, entry):
        with self.lock:
            self.log.append(entry)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, address):
        """Who hangs up is no error of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, address)


def start(port=0):
    """Serves in a thread; gives the port."""
    server = Server(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


if __name__ == "__main__":
    print(start(int(sys.argv[1])), flush=True)
    threading.Event().wait()
