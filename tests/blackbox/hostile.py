"""Bodies, addresses and heads that nobody sends who means well: a 4xx within a second, never a 5xx, nothing internal in
the answer."""

import json
import socket
import time

from _program import Program, Tally, binary

PASSWORD = "a long walk by the river 7"
DEEP = b"[" * 100_000
BODIES = {
    "deep lists": DEEP + b"]" * 100_000,
    "deep lists, never closed": DEEP,
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "10 MB": b'{"email": "' + b"a" * (10 << 20) + b'"}',
    "10 MB of spaces": b" " * (10 << 20),
    "a NUL in a text": b'{"email": "a\\u0000@b.example", "password": "x"}',
    "a raw NUL": b'{"email": "a\0@b.example", "password": "x"}',
    "a lone surrogate": b'{"email": "\\ud800@b.example", "password": "x"}',
    "surrogates turned": b'{"email": "\\udc00\\ud800@b.example", "password": "x"}',
    "1e400": b'{"email": 1e400, "password": "x"}',
    "400 digits": b'{"email": ' + b"9" * 400 + b', "password": "x"}',
    "-0": b'{"email": -0, "password": "x"}',
    "NaN": b'{"email": NaN}',
    "a name twice": b'{"email": "a@b.example", "email": "c@d.example", "password": "x"}',
    "unknown names": b'{"__proto__": {"role": "super_admin"}, "email": "a@b.example", "password": "x"}',
    "an unknown name": b'{"email": "a@b.example", "password": "x", "role": "super_admin"}',
    "a list": b'["a@b.example", "x"]',
    "null": b"null",
    "a text": b'"a"',
    "nothing": b"",
    "half": b'{"email": "a@b.ex',
    "two values": b"{} {}",
    "a byte order mark": b'\xef\xbb\xbf{"email": "a@b.example", "password": "x"}',
    "UTF-16": '{"email": "a@b.example"}'.encode("utf-16"),
    "Latin-1": b'{"email": "\xf1@b.example", "password": "x"}',
    "overlong UTF-8": b'{"email": "\xc0\xaf@b.example", "password": "x"}',
    "a comment": b'{"email": "a@b.example" /* x */, "password": "x"}',
    "a trailing comma": b'{"email": "a@b.example", "password": "x",}',
    "a password of 1 MB": json.dumps({"email": "a@b.example", "password": "a" * (1 << 20)}).encode()[: (1 << 20)],
    "a long password": json.dumps({"email": "a@b.example", "password": "a" * 900_000}).encode(),
    "a password of NULs": json.dumps({"email": "a@b.example", "password": "\0" * 1_000}).encode(),
    "an e-mail of 100 kB": json.dumps({"email": "a" * 100_000 + "@b.example", "password": "x"}).encode(),
    "look-alikes": json.dumps({"email": "\u0430dmin@school.example", "password": "x"}).encode(),
    "wide letters": json.dumps({"email": "\uff41dmin@school.example", "password": "x"}).encode(),
    "right to left": json.dumps({"email": "\u202eadmin@school.example", "password": "x"}).encode(),
    "line breaks": json.dumps({"email": "a@b.example\r\nBcc: c@d.example", "password": "x"}).encode(),
    "SQL": json.dumps({"email": "' or 1=1; drop table users.account; --@b.example", "password": "' or ''='"}).encode(),
    "an object for a text": b'{"email": {"$ne": null}, "password": {"$ne": null}}',
}
PATHS = ["/api/v1/me%00", "/%00", "/api/v1/%0d%0aset-cookie:%20a=b", "/api/v1/../../etc/passwd", "/..%2f..%2fetc%2fpasswd",
         "/api/v1/mashup/" + "a" * 7_000, "/api/v1/mashup/%ff%fe", "/api/v1/mashup/00000000-0000-0000-0000-000000000000",
         "/api/v1/mashup?limit=-1", "/api/v1/mashup?limit=99999999999999999999", "/api/v1/mashup?cursor=%00",
         "/api/v1/mashup?cursor=" + "A" * 5_000, "/api/v1/mashup?limit=1&limit=2", "/api/v1/mashup?nope=1",
         "/api/v1/mashup?cursor=eyJhdCI6IjIwMjYifQ", "/api/v1/users?q=%F0%9F%98%80%00", "//evil.example/%2e%2e",
         "/api/v1/mashup/%252e%252e%252f", "/api/v1/auth/oidc/nothing/start?return_to=https://evil.example",
         "/api/v1/auth/class/%00", "/api/v1/auth/invitations/" + "a" * 5_000]
HEADS = {
    "both lengths": b"POST /api/v1/auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /api/v1/me HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "two lengths": b"POST /api/v1/auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\n{}   ",
    "a folded line": b"GET / HTTP/1.1\r\nhost: localhost\r\nx: a\r\n b\r\n\r\n",
    "a NUL in a header": b"GET / HTTP/1.1\r\nhost: localhost\r\nx: a\0b\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\n\r\n",
    "500 headers": b"GET / HTTP/1.1\r\nhost: localhost\r\n" + b"x: a\r\n" * 500 + b"\r\n",
    "a header of 1 MB": b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"a" * (1 << 20) + b"\r\n\r\n",
    "an address of 1 MB": b"GET /" + b"a" * (1 << 20) + b" HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "a chunk that is none": b"POST /api/v1/auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
    "HTTP/9": b"GET / HTTP/9.9\r\nhost: localhost\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "a colon before the name": b"GET / HTTP/1.1\r\nhost: localhost\r\n: a\r\n\r\n",
    "HTTP/2 without asking": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}
INTERNAL = [b"panicked", b"src/", b"sqlx", b"stack backtrace", b"postgres", b"root:"]


def raw(program, text):
    with socket.create_connection((program.host, program.port), 5) as connection:
        connection.settimeout(5)
        answer = b""
        try:
            connection.sendall(text)
            while part := connection.recv(65536):
                answer += part
        except OSError:
            pass
    return answer


def main():
    tally, program = Tally(), Program(binary())
    program.create_user("teacher@school.example", PASSWORD, "teacher")
    bearer = {"authorization": f"Bearer {program.sign_in('teacher@school.example', PASSWORD)['access_token']}"}
    posts = ["/api/v1/auth/login", "/api/v1/auth/register", "/api/v1/auth/refresh", "/api/v1/auth/password/reset",
             "/api/v1/auth/class", "/api/v1/mashup/generate", "/api/v1/me/password"]

    def judged(name, status, body, began, allowed=range(400, 500)):
        text = json.dumps(body).encode() if not isinstance(body, bytes) else body
        took = time.monotonic() - began
        tally.holds(name, status in allowed and took < 1 and not any(word in text.lower() for word in INTERNAL),
                    (status, round(took, 2), text[:300]))

    for path in posts:
        for name, body in BODIES.items():
            began = time.monotonic()
            try:
                status, _, told = program.ask("POST", path, body, {"content-type": "application/json", **bearer})
            except (BrokenPipeError, ConnectionResetError):
                status, told = 413, b""  # refused while we were still sending
            judged(f"{path}: {name}", status, told, began)
    for path in PATHS:
        for headers in ({}, bearer):
            began = time.monotonic()
            status, _, told = program.ask("GET", path, headers=headers)
            # Where nothing is wrong but the thing is not there, the page or an empty list may come.
            judged(path[:60], status, told, began, allowed=[200, 302, 303, *range(400, 500)])
    for name, head in HEADS.items():
        began = time.monotonic()
        answer = raw(program, head)
        status = int(answer.split(b" ")[1]) if answer.startswith(b"HTTP/") else 0
        tally.holds(name, (status in range(400, 500) or (status == 0 and name in ("TLS", "HTTP/2 without asking"))) and answer.count(b"HTTP/1.1 ") <= 1
                    and time.monotonic() - began < 2, answer[:200])
    status, _, told = program.ask("GET", "/health")
    tally.holds("still alive", status == 200, told)
    lines = open(program.log.name).read().splitlines()
    tally.holds("every line of the log is one entry", all(line.startswith("{") for line in lines if line), "")
    tally.holds("no fault of ours", not any('"status":500' in line for line in lines),
                [line for line in lines if '"status":500' in line][:3])
    tally.end()


main()
