import { describe, expect, it } from "vitest";
import { cleanCode, printedCode } from "./code";

describe("a class code", () => {
  it("is the same however a child types it", () => {
    for (const typed of ["k7m2qx", "K7M 2QX", " k7m-2qx ", "k7m–2qx", "ｋ７ｍ２ｑｘ"]) expect(cleanCode(typed)).toBe("K7M2QX");
    expect(cleanCode("  ")).toBe("");
    expect(cleanCode("A".repeat(500))).toHaveLength(16);
  });

  it("is printed in halves, and typed back from what is printed", () => {
    expect(printedCode("K7M2QX")).toBe("K7M 2QX");
    expect(printedCode("ABCDE")).toBe("ABCDE");
    expect(cleanCode(printedCode("K7M2QX9"))).toBe("K7M2QX9");
  });
});
