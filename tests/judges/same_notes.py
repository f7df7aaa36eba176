"""Do our exports say the same in programs that were not written here?

usage: python same_notes.py FOLDER [FOLDER...]

A folder that holds score.mid, score.musicxml and score.abc is a piece; other folders are searched for pieces. Needs
what requirements.txt pins. For each piece:

  midi      mido opens it; every note ends; percussion, and nothing else, is on channel 10
  xml       music21 opens it; in every bar every voice adds up to the bar (a first bar may be shorter than the meter)
  xml=midi  onset, duration and key of every sounding note are equal, after the swing that the MIDI file's text event
            names is undone; percussion by its General MIDI key
  verovio   Verovio opens the MusicXML; as many notes, with the ids that we gave them, and the same sounding keys
  abc       music21 opens it; the same keys sound at the same times as in the MIDI file, and every note of that starts
            where one starts here (music21 does not join chords that ABC ties, so that the notes cannot be counted)
  abc-verovio   Verovio opens the ABC and draws as many heads as music21 reads (it knows neither voices nor changes of
            key in ABC, so that times and keys cannot be compared)

Prints what failed and `N passed, N failed`; the status is 1 when something failed.
"""
import base64, collections, io, multiprocessing, re, sys, warnings
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import mido
import music21
import verovio

warnings.simplefilter("ignore")
verovio.enableLog(verovio.LOG_OFF)
DRUM = 1000  # added to the keys of percussion, so that they never equal a pitch
NEAR = 0.02  # quarter notes: more than MIDI's rounding, less than anything written


class Failed(Exception):
    pass


def undo_swing(at, swing):
    """The written time of a played one: the inverse of a map that is linear in each half of a pair."""
    if swing is None:
        return at
    pair, first = swing
    start = at // pair * pair
    inside, share = at - start, pair * first
    if inside <= share:
        return start + inside / (2 * first)
    return start + pair / 2 + (inside - share) / (2 * (1 - first))


def midi_notes(data):
    file = mido.MidiFile(file=io.BytesIO(data))
    swing, out = None, []
    for track in file.tracks:
        for message in track:
            words = message.text.split() if message.type == "text" else []
            if len(words) == 3 and words[0] == "swing":
                swing = (Fraction(1 if words[1] == "eighth" else 2, 1 if words[1] == "eighth" else 4), Fraction(int(words[2]), 1000))
    for track in file.tracks:
        now, sounding = 0, collections.defaultdict(list)
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity > 0:
                sounding[message.channel, message.note].append(now)
            elif message.type in ("note_on", "note_off"):
                starts = sounding[message.channel, message.note]
                if not starts:
                    raise Failed(f"key {message.note} ends without having started")
                start = starts.pop(0)
                written = [undo_swing(Fraction(t, file.ticks_per_beat), swing) for t in (start, now)]
                key = message.note + (DRUM if message.channel == 9 else 0)
                out.append((float(written[0]), float(written[1] - written[0]), key))
        if any(sounding.values()):
            raise Failed("a note never ends")
    return out


def drum_keys(text, score):
    """The General MIDI key of every percussion note. music21 reads the notes but not their instruments, so that those
    are taken from the file, bar by bar and voice by voice."""
    root = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", text))
    keys = {i.get("id"): int(i.findtext("midi-unpitched")) - 1 for i in root.iter("midi-instrument") if i.find("midi-unpitched") is not None}
    written = [part for part in root.iter("part") if part.find(".//unpitched") is not None]
    read = [part for part in score.parts if part.recurse().getElementsByClass(["Unpitched", "PercussionChord"]).first()]
    if len(written) != len(read):
        raise Failed(f"{len(written)} percussion parts were written, {len(read)} read")
    out = {}
    for ours, theirs in zip(written, read):
        bars = ours.findall("measure")
        for bar, measure in zip(bars, theirs.getElementsByClass("Measure")):
            voices = collections.OrderedDict()
            for note in bar.iter("note"):
                heads = voices.setdefault(note.findtext("voice"), [])
                if note.find("unpitched") is not None:
                    heads.append(keys[note.find("instrument").get("id")])
            for heads, voice in zip(voices.values(), list(measure.voices) or [measure]):
                members = [m for n in voice.notes for m in getattr(n, "notes", [n]) if not isinstance(n, music21.harmony.Harmony)]
                if len(members) != len(heads):
                    raise Failed(f"bar {measure.number}: {len(heads)} percussion notes were written, {len(members)} read")
                out.update({id(member): key for member, key in zip(members, heads)})
    return out


def key_of(note, drums):
    return int(note.pitch.ps) if hasattr(note, "pitch") else drums[id(note)] + DRUM


def stream_notes(score, drums={}, drum_parts=()):
    """Every sounding note of a music21 score: ties joined, chords taken apart."""
    out = []
    # music21 makes an empty part of every voice that an ABC header declares.
    for index, part in enumerate(part for part in score.parts if part.recurse().notes):
        heads = [n for n in part.recurse().notes if not isinstance(n, music21.harmony.ChordSymbol)]
        flat = []
        for head in heads:
            voice = head.getContextByClass("Voice")
            at = head.getOffsetInHierarchy(part)
            members = head.notes if hasattr(head, "notes") else [head]
            for member in members:
                tie = (member.tie or head.tie).type if (member.tie or head.tie) else None
                key = key_of(member, drums) + (DRUM if index in drum_parts else 0)
                flat.append((float(at), float(head.quarterLength), key, tie, voice.id if voice is not None else 0))
        flat.sort(key=lambda n: n[0])
        going = {}
        for at, length, key, tie, voice in flat:
            found = None
            if tie in ("stop", "continue"):
                for place in ((key, voice), *[p for p in going if p[0] == key]):
                    if place in going and abs(sum(going[place][:2]) - at) < 1e-4:
                        found = going.pop(place)
                        break
            if found is None:
                found = [at, 0.0, key]
                out.append(found)
            found[1] += length
            if tie in ("start", "continue"):
                going[key, voice] = found
    return [tuple(note) for note in out]


def same(name, a, b, times=True):
    order = lambda n: (n[2], round(n[0], 2), n[1])
    a, b = sorted(a, key=order), sorted(b, key=order)
    if len(a) != len(b):
        raise Failed(f"{name}: {len(a)} notes and {len(b)}")
    rest = collections.defaultdict(list)
    for note in b:
        rest[note[2]].append(note)
    for note in a:
        close = lambda o: abs(o[0] - note[0]) <= NEAR and abs(o[1] - note[1]) <= 2 * NEAR
        found = next((o for o in rest[note[2]] if not times or close(o)), None)
        if found is None:
            raise Failed(f"{name}: nothing equals the note at {note[0]:.3f} for {note[1]:.3f}, key {note[2]}")
        rest[note[2]].remove(found)


def sounding(notes):
    """For each key the stretches of time in which it sounds, notes that touch taken together."""
    out = collections.defaultdict(list)
    for at, length, key in sorted(notes, key=lambda n: n[0]):
        if out[key] and at <= out[key][-1][1] + NEAR:
            out[key][-1][1] = max(out[key][-1][1], at + length)
        else:
            out[key].append([at, at + length])
    return [(a, b - a, key) for key, stretches in out.items() for a, b in stretches]


def bars_add_up(score):
    for part in score.parts:
        for measure in part.getElementsByClass("Measure"):
            full = float(measure.barDuration.quarterLength)
            voices = list(measure.voices) or [measure]
            sums = [float(sum(n.quarterLength for n in voice.notesAndRests if not isinstance(n, music21.harmony.Harmony))) for voice in voices]
            longest = max(float(v.highestTime) for v in voices)
            wanted = longest if measure.number == 0 else full
            # A second voice may start later or stop earlier; the first fills the bar.
            if abs(sums[0] - wanted) > 1e-3 or any(s > wanted + 1e-3 for s in sums) or (measure.number == 0 and longest > full):
                raise Failed(f"bar {measure.number} of {part.partName}: {sums} instead of {wanted}")


def verovio_of(path):
    toolkit = verovio.toolkit()
    if not toolkit.loadFile(str(path)):
        raise Failed("Verovio does not open it")
    return toolkit


def check(folder):
    midi = midi_notes((folder / "score.mid").read_bytes())
    text = (folder / "score.musicxml").read_text(encoding="utf8")
    score = music21.converter.parse(folder / "score.musicxml", forceSource=True)
    bars_add_up(score)
    xml = stream_notes(score, drum_keys(text, score))
    same("MusicXML and MIDI", xml, midi)

    toolkit = verovio_of(folder / "score.musicxml")
    given = set(re.findall(r'<note id="([^"]+)"', text))
    drawn = set()
    for page in range(toolkit.getPageCount()):
        drawn |= set(re.findall(r'\bid="(n-[^"]+)"', toolkit.renderToSVG(page + 1)))
    if given != drawn:
        raise Failed(f"Verovio draws {len(drawn)} of our {len(given)} note ids, such as {sorted(given ^ drawn)[:3]}")
    played = midi_notes_plain(base64.b64decode(toolkit.renderToMIDI()))
    pitched = collections.Counter(n[2] for n in midi if n[2] < DRUM)
    heard = collections.Counter(key for key, drum in played if not drum)
    if not any(n[2] >= DRUM for n in midi) and pitched != heard:
        raise Failed(f"Verovio plays other keys: {list((pitched - heard).items())[:3]} {list((heard - pitched).items())[:3]}")
    if pitched - heard:
        raise Failed(f"Verovio does not play {list((pitched - heard).items())[:3]}")

    abc = (folder / "score.abc").read_text(encoding="utf8")
    tune = music21.converter.parse(abc, format="abc")
    drums = [i for i, voice in enumerate(re.split(r"^V:\d+$", abc, flags=re.M)[1:]) if "%%MIDI channel 10" in voice]
    read = stream_notes(tune, drum_parts=drums)
    same("what sounds in ABC and MIDI", sounding(read), sounding(midi))
    starts = {(round(at / NEAR / 2) + d, key) for at, _, key in read for d in (-1, 0, 1)}
    lost = [note for note in midi if (round(note[0] / NEAR / 2), note[2]) not in starts]
    if lost:
        raise Failed(f"in ABC no note starts with {lost[0]}")
    heads = sum(len(getattr(n, "notes", [n])) for n in tune.recurse().notes if not isinstance(n, music21.harmony.ChordSymbol))
    drawn = verovio_of(folder / "score.abc").getMEI().count("<note ")
    if heads != drawn:
        raise Failed(f"Verovio draws {drawn} heads of the ABC, music21 reads {heads}")


def midi_notes_plain(data):
    """(key, is percussion) of every note-on."""
    file = mido.MidiFile(file=io.BytesIO(data))
    return [(m.note, m.channel == 9) for t in file.tracks for m in t if m.type == "note_on" and m.velocity > 0]


def judged(folder):
    try:
        check(folder)
    except Exception as error:  # a judge that cannot open a file says so in many ways
        return f"{folder}: {error if isinstance(error, Failed) else f'{type(error).__name__}: {error}'}"
    return None


def main(arguments):
    pieces = sorted({file.parent for a in arguments for file in Path(a).rglob("score.musicxml")})
    failed = 0
    with multiprocessing.Pool() as pool:
        for trouble in pool.imap(judged, pieces):
            if trouble:
                failed += 1
                print(trouble, flush=True)
    print(f"{len(pieces) - failed} passed, {failed} failed")
    return 0 if pieces and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
