"""Is the key that we state the key of the notes, and is every cadence that we state there?

usage: python stated.py FOLDER [FOLDER...]

A folder that holds answer.json (what the program said of a piece) and score.musicxml is a piece. music21 reads the score; nothing that we say about it is
used but what is to be confirmed:

  signature  the key signature of the score is the one of the stated key
  key        by the weights of Aarden and Essen, Krumhansl and Schmuckler, Bellman and Budge, Temperley, or by the plain
             count (music21's five), the stated tonic, as a major or a minor key, has the highest correlation; or it is
             among the three highest and the last bass note is the tonic; or the major or minor key of the same
             signature is among them, and the first and the last bass note are the tonic (the weights know no modes)
  cadences   at the bar that is named the two chords sound: music21 finds the stated root in the pitches that sound
             there, and the bass and the roots are those that the kind of cadence demands (Caplin, Classical Form, 1998)

Prints what failed, how often music21's default and our key are the same, and `N passed, N failed`.
"""
import json, multiprocessing, re, sys, warnings
from fractions import Fraction
from pathlib import Path

import music21
from music21.analysis import discrete

warnings.simplefilter("ignore")
WEIGHTS = [discrete.AardenEssen, discrete.KrumhanslSchmuckler, discrete.BellmanBudge, discrete.TemperleyKostkaPayne,
           discrete.SimpleWeights]
STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
# The signature of a mode is that of the major key so many semitones above the tonic.
MODES = {"major": 0, "minor": 3, "dorian": 10, "phrygian": 8, "lydian": 7, "mixolydian": 5, "aeolian": 3}


class Failed(Exception):
    pass


def pitch_class(name):
    letter, *signs = name
    return (STEPS[letter] + signs.count("#") + signs.count("\u266f") - signs.count("b") - signs.count("\u266d")) % 12


def root(symbol):
    return pitch_class(re.match(r"[A-G][#b\u266f\u266d]*", symbol).group())


def bass(symbol):
    return root(symbol.split("/")[1]) if re.search(r"/[A-G]", symbol) else root(symbol)


def pitched(score):
    return [p for p in score.parts if not p.recurse().getElementsByClass(["Unpitched", "PercussionChord"]).first()]


def sounding(parts, start, end):
    """(how long, pitch) of what sounds between two times."""
    out = []
    for part in parts:
        for note in part.flatten().getElementsByOffset(start - 16, end, includeEndBoundary=False, mustBeginInSpan=True).notes:
            if isinstance(note, music21.harmony.ChordSymbol):
                continue
            share = min(end, note.offset + note.quarterLength) - max(start, note.offset)
            if share > 0:
                out += [(float(share), p) for p in note.pitches]
    return out


def keys(stream):
    """The keys that every weighting puts first, and those that any puts among its three highest."""
    first, near = set(), set()
    for weights in WEIGHTS:
        best = weights().getSolution(stream)
        ranking = [best, *best.alternateInterpretations[:2]]
        first.add(best.tonic.pitchClass)
        near |= {key.tonic.pitchClass for key in ranking}
    return first, near


def check_key(made, score, parts):
    tonic, mode = re.match(r"(\S+) (\S+)", made["score"]["key"]).groups()
    tonic = pitch_class(tonic)
    signature = score.recurse().getElementsByClass("KeySignature").first()
    major = (tonic + MODES[mode]) % 12
    if signature.sharps * 7 % 12 != major:
        raise Failed(f"a signature of {signature.sharps} sharps for {made['score']['key']}")
    stream = music21.stream.Stream(parts)
    first, near = keys(stream)
    measures = list(parts[0].getElementsByClass("Measure"))
    lowest = [n for p in parts for n in p.flatten().notes if not isinstance(n, music21.harmony.ChordSymbol)]
    end = max(n.offset + n.quarterLength for n in lowest)
    last = min((p for n in lowest if n.offset + n.quarterLength > end - 1e-3 for p in n.pitches), key=lambda p: p.ps)
    opening = [p for n in lowest for p in n.pitches if n.offset < measures[0].duration.quarterLength]
    framed = bool(opening) and {min(opening, key=lambda p: p.ps).pitchClass, last.pitchClass} == {tonic}
    relatives = {major, (major + 9) % 12}
    if tonic not in first and not (tonic in near and last.pitchClass == tonic) and not (framed and relatives & near):
        raise Failed(f"{made['score']['key']} is stated; music21 hears {sorted(first)} or {sorted(near)}, and the last bass is {last}")
    return stream.analyze("key").tonic.pitchClass == tonic


def check_cadences(made, score, parts):
    for cadence in made["theory_analysis"]["cadences"]:
        where = f"{cadence['kind']} cadence {cadence['chords']} in bar {cadence['bar']}"
        before, after = (root(c) for c in cadence["chords"][-2:])
        measure = next(m for m in made["score"]["measures"] if m["number"] == cadence["bar"])
        start, length = float(Fraction(measure["start"])), float(Fraction(measure["length"]))
        heard = sounding(parts, start - length, start + length)
        classes = {p.pitchClass for _, p in heard}
        if not {before, after} <= classes:
            raise Failed(f"{where}: the roots do not sound")
        tonic = pitch_class(cadence["key"].split()[0])
        relative = ((before - tonic) % 12, (after - tonic) % 12)
        seventh = (tonic + 11) % 12
        right = {
            "perfect_authentic": relative == (7, 0) and seventh in classes,
            "imperfect_authentic": relative[1] == 0 and relative[0] in (7, 11) and seventh in classes,
            "half": relative[1] == 7,
            "plagal": relative == (5, 0),
            "deceptive": relative[0] == 7 and relative[1] in (8, 9, 5),
            "modal": relative[1] == 0 and relative[0] in (1, 7, 8, 10),
        }[cadence["kind"]]
        if not right:
            raise Failed(f"{where}: in {cadence['key']} that is another cadence")
    return len(made["theory_analysis"]["cadences"])


def check(folder):
    try:
        made = json.loads((folder / "answer.json").read_text(encoding="utf8"))
        score = music21.converter.parse(folder / "score.musicxml", forceSource=True)
        parts = pitched(score)
        return None, check_key(made, score, parts), check_cadences(made, score, parts)
    except Exception as error:  # a judge that cannot read something says so in many ways
        return f"{folder}: {error if isinstance(error, Failed) else f'{type(error).__name__}: {error}'}", False, 0


def main(arguments):
    pieces = sorted({file.parent for a in arguments for file in Path(a).rglob("answer.json")})
    with multiprocessing.Pool() as pool:
        results = pool.map(check, pieces, chunksize=1)
    for trouble, _, _ in results:
        if trouble:
            print(trouble)
    failed = sum(trouble is not None for trouble, _, _ in results)
    print(f"music21's default weighting hears the stated tonic in {sum(same for _, same, _ in results)} of {len(results)} pieces;"
          f" {sum(count for _, _, count in results)} cadences are there")
    print(f"{len(pieces) - failed} passed, {failed} failed")
    return 0 if pieces and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
