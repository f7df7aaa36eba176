import { describe, expect, it } from "vitest";
import type { Used } from "@/api/model-types";
import { beginOf, periodsBetween, roundedUp, seriesOf } from "./series";

const day = (text: string) => Date.parse(`${text}T00:00:00Z`);
const used = (from: string, name: string, cost: string, calls = 1): Used => ({ from: `${from}T00:00:00Z`, name, calls, failed: 0, input_tokens: 10, cached_read_tokens: 0, output_tokens: 5, cost, estimated_cost: "0" });

describe("periods", () => {
  it("begin by UTC, weeks on Monday", () => {
    const moment = Date.parse("2026-11-22T23:59:59Z");
    expect(beginOf(moment, "day")).toBe(day("2026-11-22"));
    expect(beginOf(moment, "week")).toBe(day("2026-11-16"));
    expect(beginOf(day("2026-11-23"), "week")).toBe(day("2026-11-23"));
    expect(beginOf(moment, "month")).toBe(day("2026-11-01"));
  });

  it("are all there, empty ones and the turn of the year too", () => {
    expect(periodsBetween(day("2026-11-15"), day("2027-02-10"), "month")).toEqual(["2026-11-01", "2026-12-01", "2027-01-01", "2027-02-01"].map(day));
    expect(periodsBetween(day("2026-12-30"), day("2027-01-01"), "day")).toHaveLength(3);
    expect(periodsBetween(day("2026-11-18"), day("2026-11-23"), "week")).toEqual(["2026-11-16", "2026-11-23"].map(day));
  });
});

describe("series", () => {
  const periods = ["2026-11-21", "2026-11-22"].map(day);
  const all = [used("2026-11-21", "small", "0.01"), used("2026-11-22", "large", "2.50"), used("2026-11-21", "large", "1"), used("2026-11-22", "middle", "0.50", 9), used("2026-11-22", "tiny", "0.001")];

  it("hold the largest first, and sum up the others", () => {
    const [first, second, rest] = seriesOf(all, periods, "cost", 3);
    expect(first).toEqual({ name: "large", total: 3.5, values: [1, 2.5] });
    expect(second?.name).toBe("middle");
    expect(rest?.name).toBeUndefined();
    expect(rest?.total).toBeCloseTo(0.011, 9);
    expect(rest?.values[0]).toBeCloseTo(0.01, 9);
  });

  it("sum up nobody where all have a place, and count what is asked for", () => {
    expect(seriesOf(all, periods, "calls", 4).map(({ name }) => name)).toEqual(["middle", "large", "small", "tiny"]);
    expect(seriesOf(all, periods, "tokens", 9)[0]).toEqual({ name: "large", total: 30, values: [15, 15] });
    expect(seriesOf([], periods, "cost", 3)).toEqual([]);
  });
});

describe("the top of an axis", () => {
  it("is a round number", () => {
    expect([0, 1, 1.1, 7, 10, 4321].map(roundedUp)).toEqual([1, 1, 1.5, 8, 10, 5000]);
    expect(roundedUp(0.1 + 0.2)).toBeCloseTo(0.3, 12);
    expect(roundedUp(0.00026)).toBeCloseTo(0.0003, 12);
  });
});
