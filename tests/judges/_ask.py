"""Asks a running program for pieces, as a class of very different teachers would, and keeps every export.

usage: python _ask.py URL FOLDER COUNT

Request number n is the same on every machine. Every pair of genres comes first, then three and four genres; levels,
contexts, lengths, languages, meters, and with and without `blend`, `key` and `tempo_bpm` change in steps that have no
common factor, so that all of them meet. Every fourteenth request is asked twice, the second time by another guest, and
must give the same bytes. Only the standard library is used. Prints what failed and `N passed, N failed`.
"""
import http.cookiejar, io, itertools, json, sys, urllib.error, urllib.request, wave
from pathlib import Path

LEVELS = ["beginner", "intermediate", "advanced"]
CONTEXTS = ["classroom", "workshop", "individual_study", "peer_learning"]
DIMENSIONS = ["form", "harmony", "groove", "bass", "melody", "instrumentation", "lyrics"]
KEYS = ["C", "F#m", "Bb major", "E minor", "Ab", "C#m", "D dorian", "G mixolydian", "A", "Ebm", "B", "F minor", "Db"]
TEMPI = [58, 72, 90.5, 104, 120, 128, 160, 212]
LENGTHS = [8, 12, 16, 24, 32, 48, 64, 96]
METERS = ["4/4", "3/4", "6/8", "2/4"]
TOPICS = ["the sea at night", "our first day at school", "a train that never stops", "rain on the roof", "winning a game",
          "a letter to a friend", "la ciudad en verano", "the moon and the street", "cooking with grandmother"]
FILES = {"midi": "score.mid", "musicxml": "score.musicxml", "abc": "score.abc", "wav": "score.wav",
         "lesson.pdf": "lesson.pdf", "json": "mashup.json"}
PARTS = ["score", "playback", "hooks", "lyrics", "theory_analysis", "cultural_context", "educational_content",
         "teaching_guide", "learning_assessment", "quality"]


class Guest:
    def __init__(self, url):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"content-type": "application/json"} if data else {})
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()


def request(n, genres):
    pairs = list(itertools.combinations(genres, 2))
    chosen = list(pairs[n % len(pairs)])
    if n >= len(pairs) and n % 5 == 4:
        chosen += [g for g in genres if g not in chosen][: 1 + n % 2]
    body = {
        "user_prompt": f"Make {' and '.join(chosen).replace('_', ' ')} about {TOPICS[n % len(TOPICS)]}, {20 + n % 71} minutes",
        "skill_level": LEVELS[n % 3],
        "educational_context": CONTEXTS[n // 3 % 4],
        "genres": chosen,
        "seed": n * 7919,
    }
    if n % 2:
        body["key"] = KEYS[n % len(KEYS)]
    if n % 3 == 1:
        body["tempo_bpm"] = TEMPI[n // 3 % len(TEMPI)]
    if n % 5 in (1, 3):
        body["duration_bars"] = LENGTHS[n // 5 % len(LENGTHS)]
    if n % 7 in (2, 5):
        body["blend"] = {DIMENSIONS[(n + i) % 7]: chosen[i % len(chosen)] for i in range(1 + n % 3)}
    if n % 4 == 3:
        body["language"] = "es"
    if n % 11 == 6:
        body["meter"] = METERS[n // 11 % 4]
    if n % 6 == 5:
        body["grade"] = 1 + n % 12
    return body


def collect(guest, body, folder):
    """Makes one piece and keeps its files in `folder`."""
    status, answer = guest.ask("/api/v1/mashup/generate", body)
    if status == 409 and b'"meter"' in answer:
        # Not every genre is played in every meter: the answer says so, and this is the remedy that it names.
        status, answer = guest.ask("/api/v1/mashup/generate", {k: v for k, v in body.items() if k != "meter"})
    if status != 201:
        return f"answered with {status}: {answer[:400]!r}"
    made = json.loads(answer)
    missing = [part for part in PARTS if not made.get(part)]
    if missing:
        return f"without {', '.join(missing)}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "answer.json").write_bytes(answer)
    for kind, name in FILES.items():
        status, data = guest.ask(f"/api/v1/mashup/{made['id']}/export/{kind}")
        if status != 200 or not data:
            return f"export {kind}: {status}"
        (folder / name).write_bytes(data)
    return wanted(body, made) or heard((folder / "score.wav").read_bytes(), made)


def wanted(body, made):
    """Whether what was asked for is what came."""
    score = made["score"]
    guide, minutes = made["teaching_guide"], int(body["user_prompt"].split()[-2])
    said = {
        "tempo_bpm": abs(score["tempo_bpm"] - body.get("tempo_bpm", score["tempo_bpm"])) < 0.5,
        "genres": {g["id"] for g in made["genre_blend"]} == set(body["genres"]),
        "quality": made["quality"]["passed"] or [s["name"] for s in made["quality"]["scores"] if s["value"] < s["threshold"]],
        "minutes": guide["total_minutes"] == minutes == sum(step["minutes"] for step in guide["sequence"]),
        "language": made["lyrics"]["language"] == body.get("language", made["lyrics"]["language"]),
    }
    wrong = {name: value for name, value in said.items() if value is not True}
    return f"is not what was asked for: {wrong}" if wrong else None


def heard(data, made):
    with wave.open(io.BytesIO(data)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
        # A hundredth of the samples is enough to tell music from silence.
        loudest = max(map(abs, memoryview(sound.readframes(sound.getnframes())).cast("h")[::101]))
    if seconds < made["score"]["duration_seconds"] - 0.5 or loudest < 3000:
        return f"{seconds:.1f} s of sound with a peak of {loudest}, for {made['score']['duration_seconds']} s of music"
    return None


def main(url, folder, count):
    folder, guest = Path(folder), Guest(url)
    genres = [g["id"] for g in json.loads(guest.ask("/api/v1/genres")[1])]
    failed = 0
    for n in range(count):
        body, place = request(n, genres), folder / f"{n:03}"
        trouble = collect(guest, body, place)
        if not trouble and n % 14 == 0:
            again = folder.with_name(folder.name + "-again") / f"{n:03}"
            trouble = collect(Guest(url), body, again) or next(
                (f"{name} differs the second time" for name in FILES.values()
                 if (place / name).read_bytes() != (again / name).read_bytes()), None)
        for sound in folder.parent.glob(f"{folder.name}*/{n:03}/score.wav"):
            sound.unlink()  # Two hundred of them would be four gigabytes.
        if trouble:
            failed += 1
            print(f"request {n}: {trouble}\n  {json.dumps(body)}", flush=True)
    print(f"{count - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
