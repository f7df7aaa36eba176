import { describe, expect, it } from "vitest";
import { PICTURES } from "@/ui/pictures";
import { drawSecret, readNicknames } from "./secrets";

describe("a child's secret", () => {
  it("is three different pictures, all of which come up", () => {
    const drawn = Array.from({ length: 400 }, () => drawSecret("picture"));
    for (const secret of drawn) {
      const pictures = "pictures" in secret ? secret.pictures : [];
      expect(new Set(pictures).size).toBe(3);
    }
    expect(new Set(drawn.flatMap((secret) => ("pictures" in secret ? secret.pictures : [])))).toEqual(new Set(PICTURES));
  });

  it("is four digits that are not all the same", () => {
    for (let i = 0; i < 400; i += 1) {
      const secret = drawSecret("pin");
      expect("pin" in secret && secret.pin).toMatch(/^(\d)(?!\1{3})\d{3}$/);
    }
  });
});

describe("a list of nicknames", () => {
  it("has each name once, however it is separated", () => {
    expect(readNicknames("Lily\n  Max  ,Zoë;lily\r\n\nJuan  Carlos")).toEqual(["Lily", "Max", "Zoë", "Juan Carlos"]);
    expect(readNicknames(" \n ,")).toEqual([]);
  });
});
