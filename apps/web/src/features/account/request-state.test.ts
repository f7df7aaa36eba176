import { describe, expect, it } from "vitest";
import { daysLeft } from "./request-state";

describe("the days that are left for a request", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  it("are counted whole, the present one with them", () => {
    expect(daysLeft("2026-12-22T12:00:00Z", now)).toBe(30);
    expect(daysLeft("2026-11-22T18:00:00Z", now)).toBe(1);
    expect(daysLeft("2026-11-20T11:00:00Z", now)).toBe(-2);
  });
});
