"""SQL that keeps 500 copies of a piece, each shortened to an answer of about 20 kB: the reference's records have that size,
and whole pieces are larger. Lists are cut at their ends, so that what is sent is still a piece."""

import json
import sys

SIZE = 19_500
HEAD = ["id", "session_id", "parent_id", "title", "shared", "own", "version", "created_at", "expires_at"]


def cut(value, most):
    if isinstance(value, list):
        return [cut(item, most) for item in value[:most]]
    if isinstance(value, dict):
        return {name: cut(item, most) for name, item in value.items()}
    return value


def text(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


piece = json.load(open(sys.argv[1]))
kept = {name: value for name, value in piece.items() if name not in HEAD}
most = max(most for most in range(1, 200) if most == 1 or len(text(cut(kept, most))) <= SIZE)
short = cut(kept, most)
# The rest of the room is for more of each part that fits.
for more in range(most + 1, 40):
    for name in kept:
        longer = {**short, name: cut(kept[name], more)}
        if len(text(longer)) <= SIZE:
            short = longer
body = b'"request":' + text(short.pop("request")) + b"," + text(short)[1:]
print(f"""insert into mashup.mashup (id, institution_id, owner_id, title, genres, key, tempo_bpm, duration_seconds, request,
    content, metadata, created_at, expires_at, shown, shown_by)
select gen_random_uuid(), institution_id, owner_id, 'Copy ' || n, genres, key, tempo_bpm, duration_seconds, request, content,
    metadata, created_at + n * interval '1 second', expires_at, decode('{body.hex()}', 'hex'), shown_by
from mashup.mashup, generate_series(1, 500) n where id = '{piece['id']}';""")
