import { describe, expect, it } from "vitest";
import { Clock } from "./clock";
import { countIn, dueClicks, dueNotes } from "./schedule";
import type { Timeline } from "./timeline";
import { barAt, quarters, timelineOf } from "./timeline";

function timeline(): Timeline {
  const notes = Array.from({ length: 64 }, (_, i) => ({
    id: `n-voice-1-${i}`,
    part: 0,
    at: i / 2,
    length: 0.5,
    pitches: [60],
    velocity: 90,
    origin: undefined,
    written: i / 2,
  }));
  const bars = Array.from({ length: 8 }, (_, i) => ({ number: i + 1, start: i * 4, length: 4 }));
  return { notes, parts: [{ id: "voice", program: 0, kit: "rock", role: "melody", genre: "jazz_swing" }], bars, end: 32, bpm: 120, beat: 1 };
}

describe("schedule", () => {
  it("gives every note once, at the right moment, however the time is cut", () => {
    const piece = timeline();
    const clock = new Clock(0, 5, 2, undefined);
    for (const step of [0.1, 0.333, 1, 7.77]) {
      const ids: string[] = [];
      for (let from = 0; from < 32; from += step)
        for (const { note, when } of dueNotes(piece, clock, from, Math.min(32, from + step))) {
          ids.push(note.id);
          expect(when).toBeCloseTo(5 + note.at / 2);
        }
      expect(ids, `steps of ${step}`).toEqual(piece.notes.map((note) => note.id));
    }
  });

  it("catches up after the page was busy: nothing between two calls is lost", () => {
    const clock = new Clock(0, 0, 2, undefined);
    const first = dueNotes(timeline(), clock, 0, 2);
    const late = dueNotes(timeline(), clock, 2, 12);
    expect(first.length + late.length).toBe(24);
  });

  it("repeats a loop and cuts notes at its end", () => {
    const piece = timeline();
    const clock = new Clock(0, 0, 1, { from: 4, to: 5.25 });
    const due = dueNotes(piece, clock, 0, 7.75);
    expect(due.map(({ note }) => note.at)).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 4, 4.5, 5, 4, 4.5, 5]);
    expect(due[10]?.length).toBeCloseTo(0.25);
    const moments = due.map(({ when }) => when);
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
  });

  it("clicks on every beat and stresses the first of the bar", () => {
    const clicks = dueClicks(timeline(), new Clock(0, 0, 2, undefined), 0, 8);
    expect(clicks.map(({ when }) => when)).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]);
    expect(clicks.map(({ accent }) => accent)).toEqual([true, false, false, false, true, false, false, false]);
  });

  it("counts in one bar at the present tempo", () => {
    const { clicks, length } = countIn(timeline(), 8, 2);
    expect(clicks).toHaveLength(4);
    expect(length).toBe(2);
  });
});

describe("timeline", () => {
  it("reads exact fractions", () => {
    expect(quarters("7/2")).toBe(3.5);
    expect(quarters("12")).toBe(12);
  });

  it("finds the bar of a position, also at its edges and after the end", () => {
    const { bars } = timeline();
    expect(barAt(bars, 0)?.number).toBe(1);
    expect(barAt(bars, 3.999)?.number).toBe(1);
    expect(barAt(bars, 4)?.number).toBe(2);
    expect(barAt(bars, 99)?.number).toBe(8);
  });

  it("orders the notes of all parts by time and knows drums", () => {
    const made = timelineOf({
      score: {
        meter: { beats: 6, unit: 8 },
        tempo_bpm: 90,
        parts: [
          { id: "voice", name: { en: "Voice", es: "Voz" }, role: "melody", program: 52, genre: "folk" },
          { id: "drums", name: { en: "Drums", es: "Batería" }, role: "drums", kit: "jazz", genre: "jazz_swing" },
        ],
        measures: [{ number: 1, start: "0", length: "3" }],
      },
      playback: {
        end: 3,
        parts: [
          { id: "voice", notes: [{ id: "a", at: 1.5, d: 1, p: [60], v: 80, w: 1.5 }] },
          { id: "drums", notes: [{ id: "b", at: 0, d: 0.5, p: [36], v: 80, w: 0 }] },
        ],
      },
    });
    expect(made.notes.map(({ id }) => id)).toEqual(["b", "a"]);
    expect(made.parts[1]).toMatchObject({ program: "drums", kit: "jazz" });
    expect(made.beat).toBe(1.5);
  });
});
