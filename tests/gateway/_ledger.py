"""Models that draw how much they say from the question, and end as their names ask, keeping account of every token: `drawn`
answers; `mute` does not say what it counted; `half` breaks off in its midst, its tokens unsaid; `held` says a part (or, where
the answer is to be whole, nothing) and waits until nobody listens any more; `later` answers when the same question has come to another
as well; `empty` answers with nothing. What stands after a dash in a name is the caller's business.
"""
import json
import random
import socket
import threading
import zlib

KINDS = ("drawn", "mute", "half", "held", "later", "empty")
WORDS = ("blue", "note", "river", "swing", "clave", "a", "third", "chord", "night", "la", "street", "rhythm")
COUNTS = ("usage", "usageMetadata", "prompt_eval_count", "eval_count")
# How long `held` waits at most for its reader to leave: nothing is measured by it, it only ends a test that has failed.
PATIENCE = 60

arrived, under_way, arrivals = {}, 0, threading.Condition()


def draws(model):
    return model.split("-")[0] in KINDS


def wait_for(length):
    """Until a question of so many characters has come."""
    with arrivals:
        assert arrivals.wait_for(lambda: arrived.get(length), PATIENCE), f"no question of {length} characters came"


def settled():
    """Until every question that came is in the log."""
    with arrivals:
        assert arrivals.wait_for(lambda: under_way == 0, PATIENCE), f"{under_way} questions are still being answered"


def count(change):
    global under_way
    with arrivals:
        under_way += change
        arrivals.notify_all()


def answer(handler, dialect, question):
    kind, length = question["model"].split("-")[0], len(question["text"])
    draw = random.Random(zlib.crc32(question["text"].encode()))
    tokens = 40 + length // 4
    kept = 0 if dialect.NAME == "ollama" else draw.randint(1, tokens // 2)
    text = " ".join(draw.choice(WORDS) for _ in range(draw.randint(3, 60)))
    said = {"model": question["model"], "text": text, "calls": [], "input": tokens, "cached": kept,
            "written": draw.randint(0, tokens // 4) if dialect.NAME == "anthropic" else 0,
            "output": draw.randint(3, 90), "declines": False}
    entry = {"dialect": dialect.NAME, "model": question["model"], "status": 200, "stream": question["stream"], "length": length,
             **{name: said[name] for name in ("input", "cached", "written", "output")},
             "counted": False, "events": 0, "bytes": 0, "left": False}
    if kind == "later":
        wait_for(length)
    with arrivals:
        arrived[length] = True
    count(1)
    try:
        if question["stream"]:
            pieces(handler, dialect, question, said, kind, entry, draw)
        else:
            whole(handler, dialect, said, kind, entry)
    except OSError:
        entry["left"] = True
        handler.close_connection = True
    finally:
        handler._keep(entry)
        count(-1)


def whole(handler, dialect, said, kind, entry):
    if kind == "held":
        return leave(handler, entry)
    body = dialect.whole(said)
    if kind == "mute":
        body = {name: value for name, value in body.items() if name not in COUNTS}
    data = b"" if kind == "empty" else json.dumps(body).encode()
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", str(len(data)))
    handler.end_headers()
    if kind == "half":
        handler.wfile.write(data[: len(data) // 2])
        return hang_up(handler)
    if kind != "empty":
        entry |= {"counted": kind in ("drawn", "later"), "bytes": len(said["text"])}
    handler.wfile.write(data)


def pieces(handler, dialect, question, said, kind, entry, draw):
    handler.send_response(200)
    handler.send_header("content-type", dialect.STREAM)
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    if kind == "empty":
        return handler._chunk("")
    words = said["text"].split(" ")
    stop = draw.randint(1, len(words) - 1) if kind in ("half", "held") else None
    for place, piece in enumerate(dialect.pieces(said, {**question, "usage": question["usage"] and kind != "mute"}), -dialect.HEAD):
        if place == stop:
            return leave(handler, entry) if kind == "held" else hang_up(handler)
        # What is noted before it is sent is never less than what has arrived.
        if kind == "mute":
            piece = muted(piece)
        if 0 <= place < len(words):
            entry |= {"events": entry["events"] + 1, "bytes": entry["bytes"] + len(words[place]) + 1}
        elif place > 0 and any(f'"{name}"' in piece for name in COUNTS):
            entry["counted"] = True
        handler._chunk(piece)
    handler._chunk("")


def vectors(handler, dialect, question):
    """Embeddings, with as many tokens as an answer to such a question."""
    length = len(question["embed"][0])
    tokens = 40 + length // 4
    body = dialect.embedded(question, [[0.25] * 4 for _ in question["embed"]], tokens)
    counted = any(name in body for name in COUNTS)
    handler._keep({"dialect": dialect.NAME, "model": question["model"], "status": 200, "stream": False, "length": length, "input": tokens,
                   "cached": 0, "written": 0, "output": 0, "counted": counted, "events": 0, "bytes": 0, "left": False})
    handler._send(200, body)


def muted(piece):
    """A piece without what it counts."""
    head, brace, rest = piece.partition("{")
    if not brace:
        return piece
    body = {name: value for name, value in json.loads(brace + rest).items() if name not in COUNTS}
    return head + json.dumps(body) + piece[len(piece.rstrip()):]


def hang_up(handler):
    handler.close_connection = True
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


def leave(handler, entry):
    """Waits until the other side has closed the connection."""
    handler.wfile.flush()
    handler.connection.settimeout(PATIENCE)
    entry["left"] = handler.connection.recv(1) == b""
    handler.close_connection = True
