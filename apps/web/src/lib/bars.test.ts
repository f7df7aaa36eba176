import { describe, expect, it } from "vitest";
import { formatBars } from "./bars";

describe("bars", () => {
  it("joins neighbours and keeps gaps", () => {
    expect(formatBars([3, 1, 2, 7])).toBe("1–3, 7");
    expect(formatBars([5])).toBe("5");
    expect(formatBars([2, 2, 4])).toBe("2, 4");
    expect(formatBars([])).toBe("");
  });
});
