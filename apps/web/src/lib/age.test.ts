import { describe, expect, it } from "vitest";
import { ageOn } from "./age";

describe("an age", () => {
  const today = new Date(2026, 10, 22);
  it("grows on the birthday", () => {
    expect(ageOn("2013-11-22", today)).toBe(13);
    expect(ageOn("2013-11-23", today)).toBe(12);
    expect(ageOn("2026-11-22", today)).toBe(0);
  });
  it("is unknown for what is no birth date", () => {
    for (const wrong of ["", "2013-02-30", "2013-13-01", "22/11/2013", "2027-01-01", "1850-01-01"]) expect(ageOn(wrong, today), wrong).toBeUndefined();
  });
});
