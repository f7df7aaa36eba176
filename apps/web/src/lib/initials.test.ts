import { describe, expect, it } from "vitest";
import { fullName, initials } from "./initials";

describe("a person", () => {
  it("is called by both names, or by what stands for them", () => {
    expect(fullName({ given_name: "Ana", family_name: "Ruiz Peña" })).toBe("Ana Ruiz Peña");
    expect(fullName({ given_name: "", family_name: null, username: "blue-fox" })).toBe("blue-fox");
    expect(fullName({ email: "ana@example.org" })).toBe("ana@example.org");
    expect(fullName({})).toBe("");
  });

  it("has one or two initials, whole letters whatever their code points", () => {
    expect(initials({ given_name: "ana", family_name: "ruiz" })).toBe("AR");
    expect(initials({ given_name: "E\u0301lodie" })).toBe("E\u0301");
    expect(initials({ given_name: " ", username: "ñandú" })).toBe("Ñ");
    expect(initials({})).toBe("");
  });
});
