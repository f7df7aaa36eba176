"""The agents with models that are of no use, over HTTP: every request is made, and its scores are those of the program alone.

    python agents.py PROGRAM             a share of the requests
    python agents.py PROGRAM 200         so many before the model of nonsense

The requests are those of `tests/judges/_ask.py`, which go through all genres, levels, lengths and languages. Each is made
twice, by the program alone and with a model: one that answers nonsense of every kind, then the real local server.
"""
import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from _local import Local, installed
from _world import Tests, World

sys.path.insert(0, str(Path(__file__).parents[1] / "judges"))
from _ask import Guest, request  # noqa: E402

NONSENSE = '[[route]]\nmodel = "agents"\ntasks = ["*"]\ntargets = [{ provider = "oa", model = "nonsense" }]\n'
# Two at a time: each is work for a processor, and the local server answers one question after another.
AT_ONCE = 2
test = Tests()


class Made:
    """What came of one request, without and with a model."""

    def __init__(self, world, number, genres, **wish):
        body = request(number, genres)
        self.number, self.faults = number, []
        self.alone = self.make(world, {**body, "model_preference": "builtin"})
        begun = time.monotonic()
        self.helped = self.make(world, {**body, "model_preference": "local", **wish})
        self.took = time.monotonic() - begun

    def make(self, world, body):
        guest = Guest(world.url)
        status, answer = guest.ask("/api/v1/mashup/generate", body)
        if status == 409 and b'"meter"' in answer:
            # Not every genre is played in every meter: the answer says so, and this is the remedy that it names.
            status, answer = guest.ask("/api/v1/mashup/generate", {name: value for name, value in body.items() if name != "meter"})
        if status != 201:
            self.faults.append(f"request {self.number}: {status} {answer[:300]!r}")
            return None
        return json.loads(answer)

    def judge(self):
        if self.faults:
            return self.faults
        own, other = (made["quality"] for made in (self.alone, self.helped))
        scores = lambda quality: {score["name"]: score["value"] for score in quality["scores"]}
        if scores(own) != scores(other) or own["overall"] != other["overall"]:
            self.faults.append(f"request {self.number}: {scores(own)} alone, {scores(other)} with a model")
        if own["passed"] and not other["passed"] or self.helped["metadata"]["fallback"]:
            self.faults.append(f"request {self.number} has not passed, or is a fallback")
        return self.faults

    def shares(self):
        return [run["model"] for run in self.helped["metadata"]["agents"] if run.get("model")] if self.helped else []


def made(world, numbers, wishes=lambda number: {}):
    genres = [genre["id"] for genre in json.loads(Guest(world.url).ask("/api/v1/genres")[1])]
    with ThreadPoolExecutor(AT_ONCE) as makers:
        return list(makers.map(lambda number: Made(world, number, genres, **wishes(number)), numbers))


def told(name, pieces, begun):
    counts = Counter()
    for piece in pieces:
        for share in piece.shares():
            for key in ("asked", "asked_again", "unanswered", "used", "mended", "replaced", "input_tokens", "output_tokens"):
                counts[key] += share.get(key) or 0
    times = sorted(piece.took for piece in pieces)
    print(f"{name}: {len(pieces)} requests in {time.monotonic() - begun:.0f} s, slowest {times[-1]:.1f} s, {dict(counts)}", flush=True)
    return counts


def compare(name, world, numbers, wishes=lambda number: {}):
    begun = time.monotonic()
    pieces = made(world, numbers, wishes)
    counts = told(name, pieces, begun)

    def same():
        faults = [fault for piece in pieces for fault in piece.judge()]
        assert not faults, f"{len(faults)} of {len(pieces)}: {faults[:3]}"

    test(f"{name}: the scores are those of the program alone", same)

    def asked():
        assert counts["asked"] >= len(pieces), f"the model was asked {counts['asked']} times"

    test(f"{name}: the model was asked", asked)
    return pieces


def nonsense(count):
    world = World(sys.argv[1], (), more=NONSENSE, EDUAI_GUEST_GENERATIONS_PER_HOUR="0")
    # Steps without a common factor go through all kinds of requests, whatever their number.
    compare("nonsense", world, [number * 83 % 200 for number in range(count)])
    world.close()


def gone(world):
    """The server is no longer there: the piece is made all the same."""
    pieces = made(world, [3])
    told("local server, gone", pieces, time.monotonic())
    test("local server, gone: the piece is the program's own", lambda: none(pieces[0].judge()))


def none(faults):
    assert not faults, faults


def local_server():
    if not installed():
        return print("the local server is not installed; the agents are not tried before it", flush=True)
    local = Local()
    world = World(sys.argv[1], (), more=local.settings(), EDUAI_GUEST_GENERATIONS_PER_HOUR="0")
    compare("local server", world, [(number * 83 + 7) % 200 for number in range(20)], lambda number: {"require_model": number % 2 == 0})

    def kept_its_schemas():
        assert all(entry["schema"] for entry in local.log()), "it was asked without a schema"

    test("local server: it was asked for schemas", kept_its_schemas)
    local.close()
    gone(world)
    world.close()


nonsense(int(sys.argv[2]) if len(sys.argv) > 2 else 12)
if len(sys.argv) < 3:
    local_server()
test.end()
