import { describe, expect, it } from "vitest";
import type { Status } from "@/player/player";
import { Tour, stretchesOf } from "./tour";

const bars = Array.from({ length: 12 }, (_, i) => ({ number: i + 1, start: i * 4, length: 4 }));
const timeline = { bars, end: 48 };

describe("stretches of bars", () => {
  it("part where the music would be left out", () => {
    expect(stretchesOf(timeline, [1, 2, 9])).toEqual([
      { from: 0, to: 8 },
      { from: 32, to: 36 },
    ]);
  });

  it("bridge a single bar, and are the whole piece when there are none", () => {
    expect(stretchesOf(timeline, [2, 4, 6])).toEqual([{ from: 4, to: 24 }]);
    expect(stretchesOf(timeline, [])).toEqual([{ from: 0, to: 48 }]);
    expect(stretchesOf(timeline, [77])).toEqual([{ from: 0, to: 48 }]);
  });
});

/** A player that goes where it is sent and stops when it is told that time has passed. */
function fake() {
  const log: string[] = [];
  let at = 0;
  let until = 0;
  const player = {
    pause: () => undefined,
    seek: (position: number) => {
      at = position;
    },
    play: (options: { until?: number } = {}) => {
      until = options.until ?? 48;
      log.push(`${at}-${until}`);
      return Promise.resolve();
    },
    position: () => at,
  };
  const tour = new Tour(player);
  const tell = (status: Status) => {
    tour.heard(status);
  };
  const pauseAt = (position: number) => {
    at = position;
    tell("paused");
  };
  return { log, tour, tell, pauseAt, reachEnd: () => pauseAt(until) };
}

describe("a tour through stretches", () => {
  const stretches = stretchesOf(timeline, [1, 5, 9]);

  it("plays each after the one before has ended", () => {
    const { log, tour, tell, reachEnd } = fake();
    tour.start(stretches);
    tell("playing");
    expect(log).toEqual(["0-4"]);
    reachEnd();
    reachEnd();
    reachEnd();
    reachEnd();
    expect(log).toEqual(["0-4", "16-20", "32-36"]);
  });

  it("ends where somebody pauses", () => {
    const { log, tour, reachEnd, pauseAt } = fake();
    tour.start(stretches);
    pauseAt(2);
    reachEnd();
    expect(log).toEqual(["0-4"]);
  });

  it("ends when somebody does something else", () => {
    const { log, tour, reachEnd } = fake();
    tour.start(stretches);
    tour.leave();
    reachEnd();
    expect(log).toEqual(["0-4"]);
  });
});
