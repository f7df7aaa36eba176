import { describe, expect, it } from "vitest";
import { Clock } from "./clock";

describe("clock", () => {
  it("runs straight without a loop", () => {
    const clock = new Clock(4, 10, 2, undefined);
    expect(clock.position(10)).toBe(4);
    expect(clock.position(13)).toBe(10);
    expect(clock.moment(10)).toBe(13);
    expect(clock.spans(4, 6)).toEqual([{ from: 4, to: 6, shift: 0 }]);
  });

  it("comes back to the start of the loop, again and again", () => {
    const clock = new Clock(0, 0, 1, { from: 2, to: 6 });
    expect(clock.position(5.5)).toBe(5.5);
    expect(clock.position(6)).toBe(2);
    expect(clock.position(11)).toBe(3);
  });

  it("cuts what lies ahead at each return, without gap or overlap", () => {
    const clock = new Clock(0, 0, 1, { from: 2, to: 6 });
    expect(clock.spans(5, 15)).toEqual([
      { from: 5, to: 6, shift: 0 },
      { from: 2, to: 6, shift: 4 },
      { from: 2, to: 6, shift: 8 },
      { from: 2, to: 3, shift: 12 },
    ]);
    const spans = clock.spans(0, 40);
    expect(spans.reduce((sum, span) => sum + span.to - span.from, 0)).toBeCloseTo(40);
    for (const span of spans) expect(clock.position(clock.moment(span.from + span.shift))).toBeCloseTo(span.from);
  });

  it("ignores a loop that it starts behind", () => {
    const clock = new Clock(8, 0, 1, { from: 2, to: 6 });
    expect(clock.position(1)).toBe(9);
    expect(clock.spans(8, 10)).toEqual([{ from: 8, to: 10, shift: 0 }]);
  });
});
