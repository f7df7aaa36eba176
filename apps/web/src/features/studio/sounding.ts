import type { LyricLine, Mashup } from "@/api/types";
import { type PlayNote, type Timeline, firstNoteFrom, quarters } from "@/player/timeline";

/** A function that names the notes sounding at a position. */
export function soundingIn(timeline: Timeline): (position: number) => PlayNote[] {
  const longest = timeline.notes.reduce((most, note) => Math.max(most, note.length), 0);
  return (position) => {
    const found: PlayNote[] = [];
    for (let i = firstNoteFrom(timeline.notes, position - longest); i < timeline.notes.length; i += 1) {
      const note = timeline.notes[i];
      if (!note || note.at > position) break;
      if (note.at + note.length > position) found.push(note);
    }
    return found;
  };
}

/** The index of the chord that holds at a position; -1 before the first. */
export function chordAt(mashup: Pick<Mashup, "score">, position: number): number {
  return mashup.score.chords.findLastIndex((chord) => quarters(chord.at) <= position + 1e-6);
}

/** A sung line with the times of its syllables, in quarter notes. */
export interface CuedLine {
  section: string;
  line: LyricLine;
  from: number;
  to: number;
  /** When each syllable starts. */
  at: number[];
}

/** Every sung line in order of time; a line whose notes are not in the piece is left out. */
export function cueLines(mashup: Pick<Mashup, "lyrics">, timeline: Timeline): CuedLine[] {
  const notes = new Map(timeline.notes.map((note) => [note.id, note]));
  const cued = mashup.lyrics.sections.flatMap(({ section, lines }) =>
    lines.flatMap((line) => {
      const sung = line.syllables.map((syllable) => notes.get(syllable.note_id));
      const known = sung.filter((note) => note !== undefined);
      const [first, last] = [known[0], known[known.length - 1]];
      if (!first || !last) return [];
      return [{ section, line, from: first.at, to: last.at + last.length, at: sung.map((note) => note?.at ?? first.at) }];
    }),
  );
  return cued.sort((a, b) => a.from - b.from);
}

/** Which line to show at a position: the one being sung, or the next one to come; -1 when there are none left. */
export function lineAt(lines: readonly CuedLine[], position: number): number {
  return lines.findIndex((line) => position < line.to);
}

/** How many syllables of a line have begun. */
export function sungOf(line: CuedLine, position: number): number {
  return line.at.filter((at) => at <= position + 1e-6).length;
}
