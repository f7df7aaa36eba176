"""What people with a token, or without one, may try: each gets 401 and nothing else, and a stolen refresh token ends the
sessions that came of it."""

import base64
import hashlib
import hmac
import json
import uuid

from _program import Program, Tally, binary

PASSWORD = "a long walk by the river 7"


def encode(value):
    raw = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def signed(header, claims, secret, digest=hashlib.sha256):
    text = f"{encode(header)}.{encode(claims)}"
    return f"{text}.{encode(hmac.new(secret, text.encode(), digest).digest())}"


def forgeries(token):
    """Tokens that nobody issued, by what was done to them."""
    head, body, signature = token.split(".")
    header, claims = decode(head), decode(body)
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    for name in ["none", "None", "NONE", "nOnE", ""]:
        yield f"alg {name!r} without a signature", f"{encode({**header, 'alg': name})}.{body}."
        yield f"alg {name!r} with the signature", f"{encode({**header, 'alg': name})}.{body}.{signature}"
    for name in ["HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", "HS256 ", "hs256"]:
        yield f"alg {name}", f"{encode({**header, 'alg': name})}.{body}.{signature}"
    for secret in [b"", b"secret", b"eduai", b"\0" * 32, header.get("kid", "").encode(), b"../../dev/null"]:
        yield f"signed with {secret!r}", signed(header, claims, secret)
        yield f"HS512 signed with {secret!r}", signed({**header, "alg": "HS512"}, claims, secret, hashlib.sha512)
    for kid in [None, "", "../../../../dev/null", "' or 1=1 --", "\0", str(uuid.uuid4()), 7, ["a"], {"a": 1}, "a" * 5000]:
        changed = {k: v for k, v in {**header, "kid": kid}.items() if v is not None}
        yield f"kid {str(kid)[:20]!r}", f"{encode(changed)}.{body}.{signature}"
        yield f"kid {str(kid)[:20]!r}, empty secret", signed(changed, claims, b"")
    for more in [{"jku": "http://127.0.0.1/keys"}, {"x5u": "http://127.0.0.1/cert"}, {"crit": ["exp"]}, {"typ": "JWT"},
                 {"jwk": {"kty": "oct", "k": encode(b"secret")}}, {"cty": "JWT"}, {"zip": "DEF"}]:
        yield f"header {more}", f"{encode({**header, **more})}.{body}.{signature}"
        yield f"header {more}, own secret", signed({**header, **more}, claims, b"secret")
    for change in [{"role": "super_admin"}, {"sub": str(uuid.uuid4())}, {"inst": str(uuid.uuid4())}, {"exp": 9999999999},
                   {"exp": 1}, {"nbf": 9999999999}, {"aud": "other"}, {"aud": ["eduai-api"]}, {"iss": "other"},
                   {"sub": None}, {"exp": "never"}, {"exp": 1e400}, {"nbf": -1}, {"sid": str(uuid.uuid4())}]:
        text = json.dumps({**claims, **change}).replace("Infinity", "1e400").encode()
        yield f"claims {change}", f"{head}.{encode(text)}.{signature}"
    yield "no subject", f"{head}.{encode({k: v for k, v in claims.items() if k != 'sub'})}.{signature}"
    for at in [0, len(raw) // 2, len(raw) - 1]:
        turned = bytearray(raw)
        turned[at] ^= 1
        yield f"a bit of byte {at} of the signature turned", f"{head}.{body}.{encode(bytes(turned))}"
    yield "half a signature", f"{head}.{body}.{encode(raw[:16])}"
    yield "no signature", f"{head}.{body}"
    yield "an empty signature", f"{head}.{body}."
    yield "four parts", f"{token}.{signature}"
    yield "twice", f"{token} {token}"
    yield "nothing", ""
    yield "dots", "..."
    twice = json.dumps(claims)[:-1].encode() + b', "role": "super_admin"}'
    yield "a claim twice", f"{head}.{encode(twice)}.{signature}"
    yield "100 kB", "a" * 50_000 + "." + "b" * 10_000
    yield "deep JSON", f"{encode(b'[' * 3000)}.{body}.{signature}"
    yield "no UTF-8", f"{encode(bytes([0xff, 0xfe]))}.{body}.{signature}"


def refused(tally, name, answer):
    status, headers, body = answer
    tally.holds(name, status == 401 and headers.get("content-type") == "application/problem+json"
                and headers.get("www-authenticate"), (status, body))


def main():
    tally, program = Tally(), Program(binary())
    for name, role in [("teacher", "teacher"), ("gone", "teacher"), ("admin", "school_admin"), ("off", "student")]:
        program.create_user(f"{name}@school.example", PASSWORD, role)
    tokens = program.sign_in("teacher@school.example", PASSWORD)
    good = tokens["access_token"]
    tally.holds("the good token", program.me(good)[0] == 200)
    for name, token in forgeries(good):
        try:
            answer = program.me(token)
        except ValueError:  # a header that no client can send
            continue
        if len(token) > 50_000:
            tally.holds(name, answer[0] in (401, 431), answer)
        else:
            refused(tally, name, answer)
    for value in [good, f"Basic {good}", f"bearer{good}", f"Bearer  {good} x", f"Bearer {good}, Bearer {good}", "Bearer"]:
        refused(tally, f"authorization {value[:8]!r}…", program.ask("GET", "/api/v1/me", headers={"authorization": value}))
    refused(tally, "a refresh token as access token", program.me(tokens["refresh_token"]))
    status, _, body = program.ask("POST", "/api/v1/auth/refresh", {"refresh_token": good})
    tally.holds("an access token as refresh token", status == 401, (status, body))

    # Each refresh token once; whoever uses one again ends everything that came of it.
    status, _, second = program.ask("POST", "/api/v1/auth/refresh", {"refresh_token": tokens["refresh_token"]})
    tally.holds("refreshing", status == 200 and program.me(second["access_token"])[0] == 200, second)
    status, _, body = program.ask("POST", "/api/v1/auth/refresh", {"refresh_token": tokens["refresh_token"]})
    tally.holds("a refresh token used again", (status, body.get("code")) == (401, "token_reused"), (status, body))
    status, _, body = program.ask("POST", "/api/v1/auth/refresh", {"refresh_token": second["refresh_token"]})
    tally.holds("the family is revoked", status == 401, (status, body))
    refused(tally, "its access token, too", program.me(second["access_token"]))
    for value in ["", "a", "\0", "a" * 100_000, second["refresh_token"][:-1], 7, None, ["a"]]:
        status, _, body = program.ask("POST", "/api/v1/auth/refresh", {"refresh_token": value})
        tally.holds(f"refresh token {str(value)[:10]!r}", 400 <= status < 500, (status, body))

    # People who may not act any more.
    admin = {"authorization": f"Bearer {program.sign_in('admin@school.example', PASSWORD)['access_token']}"}
    for name, change in [("gone", "delete"), ("off", "disable")]:
        theirs = program.sign_in(f"{name}@school.example", PASSWORD)
        who = theirs["user"]["id"]
        tally.holds(f"{name} before", program.me(theirs["access_token"])[0] == 200)
        _, headers, user = program.ask("GET", f"/api/v1/users/{who}", headers=admin)
        match = {**admin, **({"if-match": headers["etag"]} if "etag" in headers else {})}
        if change == "delete":
            status, _, body = program.ask("DELETE", f"/api/v1/users/{who}", headers=match)
        else:
            status, _, body = program.ask("PATCH", f"/api/v1/users/{who}", {"status": "disabled"}, headers=match)
        tally.holds(f"{change}", status in (200, 204), (status, body))
        refused(tally, f"{change}d user's token", program.me(theirs["access_token"]))
        status, _, body = program.ask("POST", "/api/v1/auth/refresh", {"refresh_token": theirs["refresh_token"]})
        tally.holds(f"{change}d user's refresh token", status == 401, (status, body))
        status, _, body = program.ask("POST", "/api/v1/auth/login", {"email": f"{name}@school.example", "password": PASSWORD})
        tally.holds(f"{change}d user's password", status == 401, (status, body))

    tally.holds("nothing secret in the log", good.split(".")[2] not in open(program.log.name).read()
                and PASSWORD not in open(program.log.name).read())
    tally.end()


main()
