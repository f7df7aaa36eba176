import type { Clock } from "./clock";
import { type Bar, type PlayNote, type Timeline, firstNoteFrom } from "./timeline";

/** A note with the moment of the audio clock at which it starts and the seconds that it lasts. */
export interface DueNote {
  note: PlayNote;
  when: number;
  length: number;
}

export interface DueClick {
  when: number;
  accent: boolean;
}

/**
 * The notes that start between two unrepeated positions of the clock, `from` included and `to` not. Walking along with
 * consecutive spans gives every note once, whatever the size of the steps; a note is cut at the end of its loop.
 */
export function dueNotes(timeline: Timeline, clock: Clock, from: number, to: number): DueNote[] {
  const due: DueNote[] = [];
  for (const span of clock.spans(from, to)) {
    for (let i = firstNoteFrom(timeline.notes, span.from - 1e-9); i < timeline.notes.length; i += 1) {
      const note = timeline.notes[i];
      if (!note || note.at >= span.to - 1e-9) break;
      const room = clock.loop && note.at < clock.loop.to ? clock.loop.to - note.at : Infinity;
      due.push({ note, when: clock.moment(note.at + span.shift), length: Math.min(note.length, room) / clock.rate });
    }
  }
  return due;
}

/** The beats of a bar, in quarter notes. */
function beats(bar: Bar, beat: number): number[] {
  const found: number[] = [];
  for (let at = bar.start; at < bar.start + bar.length - 1e-6; at += beat) found.push(at);
  return found;
}

/** The clicks of the metronome between two unrepeated positions. */
export function dueClicks(timeline: Timeline, clock: Clock, from: number, to: number): DueClick[] {
  return clock.spans(from, to).flatMap((span) =>
    timeline.bars
      .filter((bar) => bar.start < span.to && bar.start + bar.length > span.from - 1e-9)
      .flatMap((bar) =>
        beats(bar, timeline.beat)
          .filter((at) => at >= span.from - 1e-9 && at < span.to - 1e-9)
          .map((at) => ({ when: clock.moment(at + span.shift), accent: at === bar.start })),
      ),
  );
}

/** One bar of clicks that leads to `start`: when each sounds, counted in seconds from now, and how long it all takes. */
export function countIn(timeline: Timeline, start: number, rate: number): { clicks: DueClick[]; length: number } {
  const bar = timeline.bars.findLast((known) => known.start <= start + 1e-6);
  if (!bar) return { clicks: [], length: 0 };
  return {
    clicks: beats({ ...bar, start: 0 }, timeline.beat).map((at) => ({ when: at / rate, accent: at === 0 })),
    length: bar.length / rate,
  };
}
