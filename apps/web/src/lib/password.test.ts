import { describe, expect, it } from "vitest";
import { strengthOf } from "./password";

describe("a password", () => {
  it("is short below ten characters, however wild", () => {
    expect(strengthOf("")).toBe("short");
    expect(strengthOf("xK9$#q!Lm")).toBe("short");
    expect(strengthOf("👩‍🎤")).toBe("short");
  });

  it("is weak when a guesser tries it first", () => {
    for (const weak of ["aaaaaaaaaaaa", "1234567890", "password123", "Contraseña1234", "abcabcabcabc", "qwerty12345"]) expect(strengthOf(weak), weak).toBe("weak");
  });

  it("is weak when it is mostly the person's own name", () => {
    expect(strengthOf("mariaconcepcion1", ["María", "Concepción"])).toBe("weak");
    expect(strengthOf("mariaconcepcion1")).not.toBe("weak");
  });

  it("is strong when it is long and of one's own making", () => {
    expect(strengthOf("tres loros verdes cenan tarde")).toBe("strong");
    expect(strengthOf("vG7#kQ2!pX9&zR")).toBe("strong");
    expect(strengthOf("loro tarde cena")).not.toBe("weak");
  });
});
