import { describe, expect, it } from "vitest";
import { ownPath, tokenOf } from "./letters";

describe("where a sign-in leads to", () => {
  it("is a page of this program", () => {
    expect(ownPath("/studio/abc?tab=plan#bar-3")).toBe("/studio/abc?tab=plan#bar-3");
    expect(ownPath("/")).toBe("/");
  });

  it("is never a page of somebody else's", () => {
    for (const to of [undefined, "", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "studio", "/a\n//b"]) expect(ownPath(to), String(to)).toBe("/");
  });
});

describe("the token of a letter", () => {
  it("is the whole fragment, or what is named so", () => {
    expect(tokenOf("#aB3_x-9")).toBe("aB3_x-9");
    expect(tokenOf("aB3_x-9")).toBe("aB3_x-9");
    expect(tokenOf("token=aB3_x-9")).toBe("aB3_x-9");
  });

  it("is nothing where the fragment is something else", () => {
    for (const hash of ["", "#", "other=1", "<script>", "a b"]) expect(tokenOf(hash), hash).toBe("");
  });
});
