import type { Mashup } from "@/api/types";
import type { Kit } from "./recipes/drums";

/** One note to be played: a start and a length in quarter notes, as played. */
export interface PlayNote {
  id: string;
  part: number;
  at: number;
  length: number;
  pitches: readonly number[];
  /** MIDI velocity, 1 to 127. */
  velocity: number;
  /** The index of its provenance in the piece, if it has one. */
  origin: number | undefined;
  /** The onset as written, before swing. */
  written: number;
}

export interface Bar {
  /** As printed. */
  number: number;
  start: number;
  length: number;
}

export interface TimelinePart {
  id: string;
  /** The General MIDI program, or `drums`. */
  program: number | "drums";
  /** The kit that drums are played on. */
  kit: Kit;
  role: string;
  genre: string;
}

/** A piece as the player sees it: notes of all parts in order of time, and bars. All times in quarter notes. */
export interface Timeline {
  notes: readonly PlayNote[];
  parts: readonly TimelinePart[];
  bars: readonly Bar[];
  end: number;
  /** Quarter notes a minute, as composed. */
  bpm: number;
  /** How many quarter notes a felt beat lasts: 1.5 in 6/8. */
  beat: number;
}

/** The value of an exact fraction of quarter notes as the API writes it: `7/2` is 3.5. */
export function quarters(exact: string | number): number {
  if (typeof exact === "number") return exact;
  const [over = "0", under = "1"] = exact.split("/");
  return Number(over) / Number(under);
}

function beatOf({ beats, unit }: { beats: number; unit: number }): number {
  const compound = unit >= 8 && beats > 3 && beats % 3 === 0;
  return (4 / unit) * (compound ? 3 : 1);
}

/** What there must be of a piece so that it can be played. */
export interface Playable {
  score: Pick<Mashup["score"], "parts" | "measures" | "tempo_bpm" | "meter">;
  playback: Mashup["playback"];
}

export function timelineOf({ score, playback }: Playable): Timeline {
  const notes = playback.parts.flatMap((part) => {
    const index = score.parts.findIndex((known) => known.id === part.id);
    return part.notes.map((note) => ({
      id: note.id,
      part: index,
      at: note.at,
      length: note.d,
      pitches: note.p,
      velocity: note.v,
      origin: note.o ?? undefined,
      written: note.w,
    }));
  });
  notes.sort((a, b) => a.at - b.at || a.part - b.part);
  return {
    notes,
    parts: score.parts.map((part) => ({
      id: part.id,
      program: part.role === "drums" || part.program == null ? "drums" : part.program,
      kit: part.kit ?? "rock",
      role: part.role,
      genre: part.genre,
    })),
    bars: score.measures.map((bar) => ({ number: bar.number, start: quarters(bar.start), length: quarters(bar.length) })),
    end: Math.max(playback.end, ...score.measures.slice(-1).map((bar) => quarters(bar.start) + quarters(bar.length))),
    bpm: score.tempo_bpm,
    beat: beatOf(score.meter),
  };
}

/** The index of the first note at or after `at`, by halving. */
export function firstNoteFrom(notes: readonly { at: number }[], at: number): number {
  let [low, high] = [0, notes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((notes[middle]?.at ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The bar that sounds at `at`; the last one after the end. */
export function barAt(bars: readonly Bar[], at: number): Bar | undefined {
  const after = firstNoteFrom(
    bars.map((bar) => ({ at: bar.start })),
    at + 1e-6,
  );
  return bars[Math.max(0, after - 1)];
}
