"""What was recorded is what was used, to the last digit: some thousand calls, whole and in streams, with answers that break
off, refusals, and callers who hang up; then the program is stopped, and every line of its own account is held against
the providers'. Amounts are computed here, from the providers' log and the list of prices alone.

    python costs.py PROGRAM [CALLS]
"""
import csv
import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import _ledger
from _world import Tests, World

CALLS = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
MILLION = Decimal(1_000_000)
DIALECT = {"oa": "openai", "an": "anthropic", "ge": "gemini", "ol": "ollama"}
# Dollars for a million tokens: read, read from what was kept, read and kept, written; and from how many tokens on it is dearer.
PRICES = {"oa": ("1.25", "0.125", None, "10", None), "an": ("3", "0.3", "3.75", "15", None),
          "ge": ("0.3", "0.03", None, "2.5", (1500, ("0.6", "0.06", None, "3.75"))), "ol": ("0.1", None, None, "0.2", None)}
FRONTS = {"o": "/v1/chat/completions", "a": "/v1/messages", "g": "/gemini/v1/models/", "e": "/v1/embeddings"}
# How a model answers (`_ledger.py`), or who is asked after it, and how often it is drawn.
KINDS = {"drawn": 50, "mute": 6, "half": 10, "held": 12, "empty": 3, "status-429": 4, "status-500": 4, "second": 6, "thrice": 5, "hedged": 5}


def settings():
    """The routes, and the list of prices beside them."""
    names = [f"{kind}-{front}" for kind in [*KINDS, "later"] if kind not in ("second", "thrice", "hedged") for front in FRONTS]
    lines = ["[breaker]\nfailures = 0", "[[key]]\nname = \"costs\"\nsecret = \"sk-eduai-costs\"",
             "[[budget]]\nfor = \"key:costs\"\nperiod = \"month\"\namount = \"1000000\""]
    prices = ['version = "of the test"']
    lines.append('[[route]]\nmodel = "kept"\ncache_seconds = 600\ntargets = [{ provider = "oa", model = "drawn-o" }]')
    for provider, (read, kept, keep, written, long) in PRICES.items():
        for name in names:
            upstream = re.sub("-[oage]$", "", name) if name.startswith("status") else name
            lines.append(f'[[route]]\nmodel = "{provider}-{name}"\ntargets = [{{ provider = "{provider}", model = "{upstream}" }}]')
        for front in "oag":
            # Another provider answers where the first refuses or breaks off; and one is asked until it has broken off thrice.
            other = {"oa": "an", "an": "ge", "ge": "ol", "ol": "oa"}[provider]
            lines.append(f'[[route]]\nmodel = "{provider}-second-{front}"\ntargets = [{{ provider = "{provider}", model = "half-{front}" }}, '
                         f'{{ provider = "{provider}", model = "status-500", order = 2 }}, {{ provider = "{other}", model = "drawn-{front}", order = 3 }}]')
            lines.append(f'[[route]]\nmodel = "{provider}-thrice-{front}"\nretry = {{ attempts = 3, base_ms = 1 }}\n'
                         f'targets = [{{ provider = "{provider}", model = "half-{front}" }}]')
            # One who says nothing is not waited for: another is asked beside it, and answers.
            lines.append(f'[[route]]\nmodel = "{provider}-hedged-{front}"\nhedge_ms = 20\ntargets = [{{ provider = "{provider}", model = "held-{front}" }}, '
                         f'{{ provider = "{other}", model = "later-{front}", order = 2 }}]')
        for name in {*names, "status-429", "status-500"}:
            rates = [("input", read), ("cached_read", kept), ("cached_write", keep), ("output", written)]
            prices.append(f'[[price]]\nprovider = "{provider}"\nmodel = "{name}"\n' + "".join(f'{k} = "{v}"\n' for k, v in rates if v) + (
                f'long = {{ over = {long[0]}, input = "{long[1][0]}", cached_read = "{long[1][1]}", output = "{long[1][3]}" }}\n' if long else ""))
    return "\n".join(lines), "\n".join(prices)


def price(provider, read, kept, keep, written):
    """In dollars, exactly."""
    plain, cached, caching, out, long = PRICES[provider]
    if long and read > long[0]:
        plain, cached, caching, out = long[1]
    rate = lambda text: Decimal(text or plain) / MILLION
    return (read - kept - keep) * rate(plain) + kept * rate(cached) + keep * rate(caching) + written * Decimal(out) / MILLION


class Call:
    """One question, drawn from its number; `length` tells it from all others."""

    def __init__(self, number):
        draw = random.Random(number)
        self.length = 24 + 8 * number
        self.provider = draw.choice(list(PRICES))
        self.front = "e" if draw.random() < 0.1 and self.provider != "an" else draw.choice("oag")
        kinds = {k: w for k, w in KINDS.items() if (self.front != "e" or k in ("drawn", "mute")) and (k != "mute" or self.provider != "an")}
        self.kind = draw.choices(list(kinds), list(kinds.values()))[0]
        self.stream = self.front != "e" and self.kind != "hedged" and draw.random() < 0.5
        self.leaves = self.kind == "held" or (self.kind == "drawn" and self.stream and draw.random() < 0.3)
        # After how many pieces of text the caller hangs up, where so many come.
        self.after = draw.randint(0, 20) if self.kind == "drawn" else 0
        self.model = f"{self.provider}-{self.kind}-{self.front}"
        self.status = self.got = None

    def body(self):
        text = "x" * self.length
        if self.front == "g":
            return {"contents": [{"parts": [{"text": text}]}], "generationConfig": {"maxOutputTokens": 200}}
        body = {"model": self.model}
        if self.front == "e":
            return {**body, "input": text}
        return {**body, "messages": [{"role": "user", "content": text}], "max_tokens": 200, "stream": self.stream}

    def path(self):
        method = ":streamGenerateContent?alt=sse" if self.stream else ":generateContent"
        return FRONTS[self.front] + (self.model + method if self.front == "g" else "")

    def make(self, host):
        connection = http.client.HTTPConnection(host, timeout=120)
        connection.request("POST", self.path(), json.dumps(self.body()), {"content-type": "application/json", "authorization": "Bearer sk-eduai-costs"})
        if self.kind == "held" and not self.stream:
            _ledger.wait_for(self.length)
            return connection.sock.shutdown(socket.SHUT_RDWR)
        line = connection.sock
        answer = connection.getresponse()
        self.status, self.got = answer.status, 0
        while (self.got < max(1, self.after) if self.leaves else True) and (piece := answer.readline()):
            bare = piece.replace(b" ", b"")
            self.got += b'"text_delta"' in bare or (b'"delta":{"content":' in bare and b'"content":""' not in bare) or (
                b'"parts":[{"text":"' in bare and b'"text":""' not in bare)
            if piece.strip() in (b"data: [DONE]", b"event: message_stop"):
                break
        if self.leaves:
            line.shutdown(socket.SHUT_RDWR)
        answer.close()
        connection.close()


def account(world):
    """The lines of the program's own account, read from its database when it has stopped."""
    folder = Path(os.path.realpath(world.data / "pg"))
    server = (folder / "postmaster.opts").read_text().split(' "')[0]
    owner = folder.stat()
    who = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    out = folder / "calls.csv"
    subprocess.run([server, "--single", "-j", "-D", folder, "eduai"], input=f"copy (select * from llm.call) to '{out}' csv header;\n\n",
                   text=True, capture_output=True, check=True, cwd="/", **who)
    with open(out) as file:
        rows = list(csv.DictReader(file))
    out.unlink()
    for row in rows:
        row["tokens"] = tuple(int(row[f"{kind}_tokens"]) for kind in ("input", "cached_read", "cached_write", "output"))
        row["dollars"], row["estimated"] = Decimal(row["cost"]) / Decimal(10) ** 12, row["estimated"] == "t"
    return rows


def dollars(provider, entry):
    return price(provider, entry["input"], entry["cached"], entry["written"], entry["output"])


def usage(world):
    """What the programming interface says of costs: all, and what of them was estimated."""
    world.start(())
    made = subprocess.run([world.eduai, "admin", "create-user", "--data-dir", world.data, "--email", "head@school.example", "--password-stdin", "--role",
                           "school_admin"], input="wholly unlikely words", text=True, capture_output=True)
    assert made.returncode == 0, made.stderr
    token = world.post("/api/v1/auth/login", {"email": "head@school.example", "password": "wholly unlikely words"})["access_token"]
    items = json.loads(world.get("/api/v1/usage?period=month&by=model", authorization=f"Bearer {token}"))["items"]
    world.stop()
    return sum(Decimal(item["cost"]) for item in items), sum(Decimal(item["estimated_cost"]) for item in items), sum(item["calls"] for item in items)


test = Tests()
folder = tempfile.TemporaryDirectory(prefix="eduai-prices-")
more, prices = settings()
list_of_prices = Path(folder.name) / "prices.toml"
list_of_prices.write_text(prices)
world = World(sys.argv[1], more=more, first=f'prices = "{list_of_prices}"\n')
calls = [Call(number) for number in range(CALLS)]
random.Random(5).shuffle(calls)
with ThreadPoolExecutor(24) as callers:
    list(callers.map(lambda call: call.make(world.url.removeprefix("http://")), calls))

# The same question sixteen times at once, of a model whose answers are kept: one is asked, and paid for.
same = [Call(CALLS) for _ in range(16)]
for call in same:
    call.front, call.stream, call.leaves, call.kind, call.model = "o", False, False, "kept", "kept"
with ThreadPoolExecutor(16) as callers:
    list(callers.map(lambda call: call.make(world.url.removeprefix("http://")), same))
_ledger.settled()
world.stop()
log = [entry for entry in world.log() if "length" in entry and not entry["model"].startswith("empty")]
rows = account(world)
by_length = {call.length: call for call in calls}
from_memory = [row for row in rows if row["cached"] == "t"]
rows = [row for row in rows if row["cached"] == "f"]

# The account against the log: what the providers counted must stand in it as it is, and what is left must be marked.
entries = {}
for entry in log:
    provider = next(name for name, dialect in DIALECT.items() if dialect == entry["dialect"])
    entries.setdefault((provider, entry["model"], entry["input"]), []).append(entry)
exact = [row for row in rows if not row["estimated"] and row["tokens"] != (0, 0, 0, 0)]
guessed = [row for row in rows if row["estimated"]]
nothing = [row for row in rows if not row["estimated"] and row["tokens"] == (0, 0, 0, 0)]
counted, expected = Counter(), Decimal(0)


def take(row):
    """The log's entry that an exact line stands for."""
    found = entries.get((row["provider"], row["model"], row["tokens"][0]), [])
    place = next((n for n, e in enumerate(found) if (e["input"], e["cached"], e["written"], e["output"]) == row["tokens"]), None)
    assert place is not None, f"no provider has counted this: {row}"
    return found.pop(place)


def exact_lines():
    global expected
    for row in exact:
        entry = take(row)
        assert entry["counted"], f"the provider has not said it: {row} {entry}"
        expected += dollars(row["provider"], entry)
    assert sum(row["dollars"] for row in exact) == expected, (sum(row["dollars"] for row in exact), expected)


def guessed_lines():
    """Each line and the answer that it stands for: where the provider had said what it read, that tells which; the others
    of a model are in the order of their lengths."""
    left, lines = defaultdict(list), defaultdict(list)
    for row in guessed:
        if row["tokens"][1] > 0:
            guessed_line(row, entries[row["provider"], row["model"], row["tokens"][0]].pop())
        else:
            lines[row["provider"], row["model"]].append(row)
    for (provider, model, _), found in entries.items():
        left[provider, model] += found
    for key in {*left, *lines}:
        ours = sorted(lines[key], key=lambda row: row["tokens"])
        theirs = sorted(left[key], key=lambda entry: (entry["input"], entry["events"]))
        assert len(ours) == len(theirs), f"{key}: {len(ours)} lines, {len(theirs)} answers without a count"
        for row, entry in zip(ours, theirs):
            guessed_line(row, entry)


def guessed_line(row, entry):
    call, (read, kept, keep, written) = by_length[entry["length"]], row["tokens"]
    why = entry["model"].split("-")[0]
    assert why in ("mute", "half", "held") or call.leaves or (call.front == "e" and call.provider == "ge"), f"nothing broke off: {row} {entry}"
    assert abs(read - entry["input"]) <= 48, (row, entry)
    assert (kept, keep) in ((0, 0), (entry["cached"], entry["written"])), (row, entry)
    assert written <= max(entry["events"], -(-entry["bytes"] // 4)), f"more than was ever sent: {row} {entry}"
    assert why != "held" or entry["left"], "the gateway has not hung up when its caller had"
    counted[why if why != "drawn" else "left" if call.leaves else "embedding"] += 1


def costs_of_lines():
    for row in rows:
        assert row["dollars"] == price(row["provider"], *row["tokens"]), row
        assert row["prices"] == "of the test", row


def failures():
    assert all(row["status"] != "ok" and row["dollars"] == 0 for row in nothing), [row for row in nothing if row["status"] == "ok"][:3]
    refused = sum(1 for call in calls if call.kind.startswith("status") or call.kind == "empty")
    assert len(nothing) == refused, (len(nothing), refused)


def kept_answers():
    """What was answered from memory has the tokens of the answer, and costs nothing."""
    assert all(call.status == 200 for call in same)
    assert sum(1 for entry in log if entry["length"] == same[0].length) == 1, "it was asked more than once"
    assert len(from_memory) == len(same) - 1 and all(row["dollars"] == 0 and row["status"] == "ok" for row in from_memory), from_memory
    assert all(row["tokens"] == (own["input"], own["cached"], 0, own["output"]) for own in log if own["length"] == same[0].length for row in from_memory)


def callers_saw():
    for call in calls:
        if call.kind in ("drawn", "mute", "second", "hedged"):
            assert call.status == 200, (call.kind, call.status)
        elif call.kind.startswith("status"):
            assert call.status == int(call.kind[7:]), call.status
    assert all(entry["left"] for entry in log if entry["model"].startswith("held"))


def interface():
    total, estimated, lines = usage(world)
    assert lines == len(rows) + len(from_memory), (lines, len(rows))
    assert total == sum(row["dollars"] for row in rows) and estimated == sum(row["dollars"] for row in guessed), (total, estimated)
    assert total - estimated == expected, (total, estimated, expected)


test("the sum of what the providers counted", exact_lines)
test("what no provider counted is marked, and bounded by what was sent", guessed_lines)
test("every line costs what its tokens cost", costs_of_lines)
test("refusals cost nothing", failures)
test("answers from memory cost nothing", kept_answers)
test("callers were answered", callers_saw)
test("the interface says the same after a restart", interface)
print(f"{CALLS} calls, {len(rows)} lines: {len(exact)} counted by providers, {expected} dollars; {len(guessed)} estimated {dict(counted)}, "
      f"{sum(row['dollars'] for row in guessed)} dollars; {len(nothing)} refused")
world.close()
folder.cleanup()
test.end()
