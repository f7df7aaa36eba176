import { describe, expect, it } from "vitest";
import { readDomains } from "./domains";

describe("the domains of a school", () => {
  it("are read as people write them, each once", () => {
    expect(readDomains(" School.example, @centro.example;school.example\n")).toEqual(["school.example", "centro.example"]);
    expect(readDomains("  ")).toEqual([]);
  });
});
