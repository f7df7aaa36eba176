// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { neighbour } from "./state";

const note = (id: string, part: number, at: number) => ({ id, part, at, length: 1, pitches: [60], velocity: 80, origin: undefined, written: at });
const timeline = {
  parts: [
    { id: "bass", program: 33, kit: "rock", role: "bass", genre: "rock" },
    { id: "voice", program: 54, kit: "rock", role: "melody", genre: "rock" },
  ],
  notes: [note("b0", 0, 0), note("v0", 1, 0), note("v1", 1, 2), note("b1", 0, 4), note("v2", 1, 4)],
} as Parameters<typeof neighbour>[0];

describe("walking from note to note", () => {
  it("begins in the melody at the present place", () => {
    expect(neighbour(timeline, undefined, 1, 0)).toBe("v0");
    expect(neighbour(timeline, undefined, 1, 1.5)).toBe("v1");
  });

  it("stays in the part of the note, and at its ends", () => {
    expect(neighbour(timeline, "v1", 1, 0)).toBe("v2");
    expect(neighbour(timeline, "b1", -1, 0)).toBe("b0");
    expect(neighbour(timeline, "v2", 1, 0)).toBe("v2");
    expect(neighbour(timeline, "b0", -1, 0)).toBe("b0");
  });
});
