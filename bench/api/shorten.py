"""shorten.py PIECE OWNER SEALER... - SQL that keeps 500 copies of a piece, each shortened to an answer of about 20 kB: the
reference's records have that size, and whole pieces are larger. Lists are cut at their ends, so that what is sent is still a
piece. SEALER seals lines of values as the program does, with the key of OWNER: see `apps/eduai/examples/seal.rs`."""

import json
import subprocess
import sys
import uuid

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
owner, sealer = sys.argv[2], sys.argv[3:]
copies = [(n, str(uuid.uuid4())) for n in range(1, 501)]
values = [line for n, row in copies for line in (
    f"mashup.mashup title {row} {owner} {f'Copy {n}'.encode().hex()}",
    f"mashup.mashup shown {row} {owner} {body.hex()}",
)]
sealed = subprocess.run(sealer, input="\n".join(values) + "\n", stdout=subprocess.PIPE, text=True, check=True).stdout.split()
# What the answer does not show is copied as it stands, and could not be opened: it belongs to another row.
for (n, row), title, shown in zip(copies, sealed[::2], sealed[1::2], strict=True):
    print(f"""insert into mashup.mashup (id, institution_id, owner_id, title, genres, key, tempo_bpm, duration_seconds, request,
    content, metadata, created_at, expires_at, shown, shown_by)
select '{row}', institution_id, owner_id, decode('{title}', 'hex'), genres, key, tempo_bpm, duration_seconds, request, content,
    metadata, created_at + {n} * interval '1 second', expires_at, decode('{shown}', 'hex'), shown_by
from mashup.mashup where id = '{piece['id']}';""")
