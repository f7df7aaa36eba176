"""Traces, received by a collector that reads them with OpenTelemetry's own protocol (PyPI opentelemetry-proto).

    python traces.py PROGRAM

Questions to the gateway and a mashup are asked, people sign in, and what comes is looked at: who is whose parent, the
attributes of the conventions, and that no word of anybody is in it. Then the collector dies in the middle, comes back,
and never answers: requests must be answered, as fast as before.
"""
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

import _upstream
from _world import PROVIDERS, Tests, World

# None of these may be in what is exported: they are written where people write.
CANARIES = {name: f"canary{name}x7q" for name in ("prompt", "system", "query", "path", "agent", "mail", "name", "secret", "referer", "theme", "traced", "model")}
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
GENERATE = "/api/v1/mashup/generate"
test = Tests()


class Collector:
    """Takes spans at a port of its own, or does what `mode` says: `take`, `refuse` (500), `silent`."""

    def __init__(self, port=0):
        self.spans, self.bodies, self.heads, self.resources, self.mode = [], [], [], [], "take"
        self.lock, self.released = threading.Lock(), threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.answer(self, body)

        class Server(ThreadingHTTPServer):
            daemon_threads = True

        self.lines = []
        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def answer(self, handler, body):
        with self.lock:
            self.lines.append(handler.connection)
        if self.mode == "silent":
            return self.released.wait()
        status, said = 200, ExportTraceServiceResponse().SerializeToString()
        if self.mode == "refuse":
            status, said = 500, b""
        else:
            batch = ExportTraceServiceRequest.FromString(body)
            with self.lock:
                self.bodies.append(body)
                self.heads.append((handler.path, dict(handler.headers)))
                for group in batch.resource_spans:
                    self.resources.append(attributes(group.resource))
                    self.spans += [span for scope in group.scope_spans for span in scope.spans]
        handler.send_response(status)
        handler.send_header("content-type", "application/x-protobuf")
        handler.send_header("content-length", str(len(said)))
        handler.end_headers()
        handler.wfile.write(said)

    def die(self):
        """As a process that is killed: nobody listens, and every connection is gone."""
        self.server.shutdown()
        self.server.server_close()
        with self.lock:
            for line in self.lines:
                try:
                    line.shutdown(2)
                except OSError:
                    pass

    def wait(self, wanted, seconds=15):
        """The spans for which `wanted` holds, when there are any."""
        deadline = time.time() + seconds
        while time.time() < deadline:
            with self.lock:
                found = [span for span in self.spans if wanted(span)]
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(f"no such span among {sorted({span.name for span in self.spans})}")


def plain(value):
    kind = value.WhichOneof("value")
    return [plain(item) for item in value.array_value.values] if kind == "array_value" else getattr(value, kind)


def attributes(of):
    found = {pair.key: plain(pair.value) for pair in of.attributes}
    assert len(found) == len(of.attributes), f"said twice: {[pair.key for pair in of.attributes]}"
    return found


def ask(world, path, body=None, method=None, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(world.url + path, data, {"content-type": "application/json", **headers}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


number = 0


def traced(world, collector, path, body, **headers):
    """One request in a trace of its own: its status, its spans by kind."""
    global number
    number += 1
    trace = f"{number:032x}"
    status, _ = ask(world, path, body, traceparent=f"00-{trace}-{PARENT}-00", **headers)
    collector.wait(lambda span: span.trace_id.hex() == trace and span.kind == Span.SPAN_KIND_SERVER)
    with collector.lock:
        return status, [span for span in collector.spans if span.trace_id.hex() == trace]


def of_kind(spans, kind):
    found = [span for span in spans if span.kind == kind]
    assert len(found) == 1, [(span.name, span.kind) for span in spans]
    return found[0]


def chat(model, **more):
    messages = [{"role": "system", "content": CANARIES["system"]}, {"role": "user", "content": f"Say {CANARIES['prompt']}"}]
    return {"model": model, "messages": messages, **more}


BEARER = {"authorization": "Bearer sk-eduai-tests"}


def question(provider, stream):
    """The request and the call within it, with what the provider itself has counted."""
    before = len(world.log())
    body = chat(f"{provider}-plain", stream=stream, max_tokens=77, temperature=0.25)
    status, spans = traced(world, collector, f"/v1/chat/completions?{CANARIES['query']}=1", body, **BEARER)
    counted = world.log()[before]
    server, client = of_kind(spans, Span.SPAN_KIND_SERVER), of_kind(spans, Span.SPAN_KIND_CLIENT)
    assert status == 200 and len(spans) == 2
    assert server.parent_span_id.hex() == PARENT and client.parent_span_id == server.span_id
    assert server.name == "POST /v1/chat/completions" and client.name == f"chat {provider}-plain", (server.name, client.name)
    assert server.start_time_unix_nano <= client.start_time_unix_nano <= client.end_time_unix_nano
    got = attributes(server)
    for name, value in {"http.request.method": "POST", "http.route": "/v1/chat/completions", "http.response.status_code": 200,
                        "url.scheme": "http", "network.protocol.version": "1.1"}.items():
        assert got.get(name) == value, (name, got)
    got = attributes(client)
    names = {"oa": "openai", "an": "anthropic", "ge": "gcp.gemini", "ol": "ollama"}
    for name, value in {"gen_ai.operation.name": "chat", "gen_ai.provider.name": names[provider], "gen_ai.request.model": f"{provider}-plain",
                        "gen_ai.response.model": "plain", "gen_ai.request.max_tokens": 77, "gen_ai.request.temperature": 0.25,
                        "gen_ai.response.finish_reasons": ["stop"], "gen_ai.usage.output_tokens": counted["output"],
                        "server.address": "127.0.0.1", "server.port": int(world.upstream.rsplit(":")[-1])}.items():
        assert got.get(name) == value, (name, value, got)
    assert type(got["gen_ai.usage.input_tokens"]) is int and got["gen_ai.usage.input_tokens"] >= counted["input"]
    assert re.fullmatch(r"[0-9a-f-]{36}", got["eduai.institution.id"]), got
    assert client.status.code == server.status.code == Status.STATUS_CODE_UNSET
    assert not client.events and not server.events and not server.trace_state


def failed_call():
    status, spans = traced(world, collector, "/v1/chat/completions", chat("oa-status-500"), **BEARER)
    server, client = of_kind(spans, Span.SPAN_KIND_SERVER), of_kind(spans, Span.SPAN_KIND_CLIENT)
    assert status >= 500 and attributes(server)["error.type"] == str(status), attributes(server)
    assert attributes(client)["error.type"] == "unavailable", attributes(client)
    assert client.status.code == server.status.code == Status.STATUS_CODE_ERROR


def callers_fault():
    """A model that is not there is the caller's mistake, and its name the caller's word."""
    status, spans = traced(world, collector, "/v1/chat/completions", chat(CANARIES["model"]), **BEARER)
    server = of_kind(spans, Span.SPAN_KIND_SERVER)
    assert status == 404 and len(spans) == 1 and server.status.code == Status.STATUS_CODE_UNSET
    status, spans = traced(world, collector, "/v1/chat/completions", chat("oa-plain"))
    assert status == 401 and len(spans) == 1


def parents_of_strangers():
    for said in (f"00-{TRACE}-{CANARIES['traced']}-01", "ff-" + TRACE, "", "0" * 5_000):
        ask(world, "/health", traceparent=said, tracestate=f"x={CANARIES['traced']}", baggage=f"x={CANARIES['traced']}")
    roots = collector.wait(lambda span: span.name == "GET /health" and not span.parent_span_id)
    assert all(not span.trace_state for span in collector.spans), "a caller's state was passed on"
    assert all(span.trace_id.hex() != TRACE for span in roots)


def nothing_for_providers():
    told = [name for heads in asked_with for name in heads if name.lower() in ("traceparent", "tracestate", "baggage", "b3")]
    assert asked_with and not told, told


def mashup():
    """The run, its steps and the models that were asked are parts of the request."""
    body = {"user_prompt": f"jazz and hip-hop about {CANARIES['theme']} for ninth graders", "genres": ["jazz_swing", "hip_hop_boom_bap"],
            "skill_level": "beginner", "educational_context": "classroom", "seed": 7, "model_preference": "local"}
    status, spans = traced(world, collector, GENERATE, body)
    assert status == 201, status
    by_id = {span.span_id: span for span in spans}
    server = of_kind(spans, Span.SPAN_KIND_SERVER)
    runs = [span for span in spans if span.name.startswith("run ")]
    steps = [span for span in spans if "eduai.workflow.node" in attributes(span)]
    calls = [span for span in spans if span.kind == Span.SPAN_KIND_CLIENT]
    assert len(runs) == 1 and runs[0].parent_span_id == server.span_id, [span.name for span in runs]
    assert len(steps) >= 6 and all(step.parent_span_id == runs[0].span_id for step in steps), [span.name for span in steps]
    assert calls and all(by_id[call.parent_span_id] in steps for call in calls), [span.name for span in spans]
    who = attributes(server)
    assert all(re.fullmatch(r"[0-9a-f-]{36}", who[name]) for name in ("user.id", "eduai.institution.id", "eduai.request.id")), who


def people():
    """Whoever signs in, asks for what is not there, or writes something anywhere: no word of it leaves."""
    mail, secret = f"{CANARIES['mail']}@school.example", f"wholly unlikely {CANARIES['secret']}"
    made = subprocess.run([world.eduai, "admin", "create-user", "--data-dir", world.data, "--email", mail, "--password-stdin", "--role",
                           "school_admin"], input=secret, text=True, capture_output=True)
    assert made.returncode == 0, made.stderr
    status, answer = ask(world, "/api/v1/auth/login", {"email": mail, "password": secret}, user_agent=CANARIES["agent"], referer=CANARIES["referer"])
    assert status == 200, answer
    token = json.loads(answer)["access_token"]
    ask(world, "/api/v1/auth/login", {"email": f"{CANARIES['mail']}2@school.example", "password": secret})
    for path in (f"/api/v1/users?search={CANARIES['query']}", f"/api/v1/users/{CANARIES['path']}", f"/api/v1/mashup/{CANARIES['path']}",
                 f"/{CANARIES['path']}/{CANARIES['path']}", f"/api/v1/{CANARIES['path']}?{CANARIES['query']}", "/api/v1/users/me"):
        ask(world, path, authorization=f"Bearer {token}", user_agent=CANARIES["agent"], cookie=f"a={CANARIES['secret']}")
    ask(world, "/health", method=CANARIES["path"].upper())
    collector.wait(lambda span: span.name == "HTTP /health")
    signed_in = collector.wait(lambda span: span.name.startswith("GET /api/v1/users") and "user.id" in attributes(span))
    assert signed_in


def no_word():
    """In no byte of all that was exported."""
    found = {name for body in collector.bodies for name, word in CANARIES.items() if word.encode() in body or word.upper().encode() in body}
    assert not found, found
    allowed = re.compile(r"(http|gen_ai|server|network|url\.scheme|error\.type|eduai|user\.id)")
    names = {name for span in collector.spans for name in attributes(span)}
    assert all(allowed.match(name) for name in names), names
    assert "url.path" not in names and "url.query" not in names and "client.address" not in names
    values = " ".join(str(value) for span in collector.spans for value in attributes(span).values())
    assert "@" not in values and "school.example" not in values


def resource():
    assert all(path == "/v1/traces" and head["authorization"] == "Bearer of-the-collector" for path, head in collector.heads)
    assert all(head["Content-Type" if "Content-Type" in head else "content-type"] == "application/x-protobuf" for _, head in collector.heads)
    for own in collector.resources:
        assert own["service.name"] == "eduai-under-test" and own["deployment.environment.name"] == "test", own


def log_is_another_filter():
    """At the level `error` hardly anything is logged, and everything is traced."""
    text = errors()
    assert "answered" not in text and "model_call" not in text, text[:500]


def errors():
    return (Path(world.folder.name) / "errors").read_text()


def speed(count=600):
    """Milliseconds for the middle and for 99 of 100 requests, over one connection."""
    line = http.client.HTTPConnection(world.url.removeprefix("http://"), timeout=20)
    line.connect()
    # Otherwise the client's own system waits 40 ms between head and body, beside which nothing would be seen.
    line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    body, times = json.dumps(chat("oa-plain")), []
    for _ in range(count):
        begun = time.perf_counter()
        line.request("POST", "/v1/chat/completions", body, {"content-type": "application/json", **BEARER})
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        times.append((time.perf_counter() - begun) * 1_000)
    line.close()
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def counted(name):
    return sum(float(line.rsplit(" ", 1)[1]) for line in world.get("/metrics").splitlines() if line.startswith(name))


def memory():
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{world.process.pid}/status").read_text()).group(1)) / 1024


def as_fast(now, what):
    assert now[0] < 2 * usual[0] + 1 and now[1] < 3 * usual[1] + 5, f"{what}: {now} ms, {usual} ms before"


def killed():
    """In the middle of what is sent; then it comes back at the same address."""
    global collector
    collector.die()
    as_fast(speed(), "killed")
    deadline = time.time() + 10
    while "does not take them" not in errors() and time.time() < deadline:
        time.sleep(0.1)
    old, collector = collector, Collector(collector.port)
    collector.wait(lambda span: span.name == "chat oa-plain", 40)
    collector.bodies, collector.heads, collector.resources = old.bodies + collector.bodies, old.heads, old.resources
    ended = time.time() + 10
    while "takes them again" not in errors() and time.time() < ended:
        time.sleep(0.1)
    text = errors()
    assert text.count("does not take them") == text.count("takes them again") == 1, text[-2_000:]
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in text


def refused():
    before = counted("traces_spans_dropped_total")
    collector.mode = "refuse"
    as_fast(speed(), "refused")
    time.sleep(0.5)
    assert counted("traces_spans_dropped_total") >= before + 600, "what is refused is not counted"
    collector.mode = "take"
    ask(world, "/health")
    time.sleep(0.5)


def silent():
    """Far more spans than may wait."""
    collector.mode = "silent"
    before, size = counted('traces_spans_dropped_total{reason="queue_full"}'), memory()
    for _ in range(5):
        now = speed()
        as_fast(now, "silent")
    assert counted('traces_spans_dropped_total{reason="queue_full"}') > before, "a full queue is not counted"
    grown = memory() - size
    print(f"usual {usual[0]:.2f} / {usual[1]:.2f} ms, silent {now[0]:.2f} / {now[1]:.2f} ms (median / p99), {grown:.1f} MB more", flush=True)
    assert grown < 24, f"{grown} MB"
    begun = time.time()
    world.stop()
    took = time.time() - begun
    assert took < 6, f"it took {took} s to stop"
    collector.released.set()


def flushed():
    """What waits when the program ends is sent, though its time has not come."""
    collector.mode, collector.spans = "take", []
    slow = World(sys.argv[1], **{**VARIABLES, "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.port}", "OTEL_BSP_SCHEDULE_DELAY": "60000"})
    for _ in range(20):
        slow.get("/health")
    assert not [span for span in collector.spans if span.name == "GET /health"]
    slow.close()
    assert len([span for span in collector.spans if span.name == "GET /health"]) == 20


def few_of_many():
    """A tenth, also where every caller says that theirs is recorded."""
    collector.spans = []
    some = World(sys.argv[1], **{**VARIABLES, "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.port}",
                                 "OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.1"})
    for n in range(400):
        some.get("/health", traceparent=f"00-{n + 1:032x}-{PARENT}-01")
    some.close()
    found = len([span for span in collector.spans if span.name == "GET /health"])
    assert 10 <= found <= 90, found


def nowhere():
    """Without a collector there is no thread for it; with one that cannot be there is no start."""
    off = World(sys.argv[1])
    threads = {(task / "comm").read_text().strip() for task in Path(f"/proc/{off.process.pid}/task").iterdir()}
    off.close()
    assert "traces" not in threads, threads
    with tempfile.TemporaryDirectory() as folder:
        for name, value in (("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")):
            told = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", name: value}
            run = subprocess.run([sys.argv[1], "serve", "--listen", "127.0.0.1:0", "--data-dir", folder], env={**os.environ, **told},
                                 capture_output=True, text=True, timeout=30)
            assert run.returncode != 0 and f"Write for instance: {name}=" in run.stderr, run.stderr


asked_with = []
whole, _upstream.Handler.disable_nagle_algorithm = _upstream.Handler.do_POST, True
_upstream.Handler.do_POST = lambda handler: (asked_with.append(list(handler.headers.keys())), whole(handler))
collector = Collector()
VARIABLES = {"OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20of-the-collector", "OTEL_BSP_SCHEDULE_DELAY": "100",
             "OTEL_SERVICE_NAME": "eduai-under-test", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test",
             "OTEL_EXPORTER_OTLP_TIMEOUT": "3000", "EDUAI_LOG": "error,eduai_telemetry=info"}
world = World(sys.argv[1], (), more='[[route]]\nmodel = "agents"\ntasks = ["*"]\ntargets = [{ provider = "oa", model = "nonsense" }]\n',
              OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.port}", EDUAI_GUEST_GENERATIONS_PER_HOUR="0", **VARIABLES)
for provider in PROVIDERS:
    for stream in (False, True):
        test(f"a question before {provider}, {'streamed' if stream else 'whole'}", lambda: question(provider, stream))
test("a call that fails", failed_call)
test("what a caller does wrong", callers_fault)
test("strangers who say which trace is theirs", parents_of_strangers)
test("a mashup, its run, its steps and its questions", mashup)
test("people who sign in and look around", people)
test("nothing is handed to providers", nothing_for_providers)
test("no word of anybody is exported", no_word)
test("the collector is told who speaks", resource)
test("the log is another filter", log_is_another_filter)
speed(100)
usual = speed()
test("a collector that is killed and comes back", killed)
test("a collector that refuses", refused)
test("a collector that never answers", silent)
test("what waits is sent at the end", flushed)
test("some of the traces", few_of_many)
test("no collector, and one that cannot be", nowhere)
collector.die()
test.end()
