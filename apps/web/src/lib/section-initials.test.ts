// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { sectionInitials } from "./section-initials";

describe("names of sections for a narrow screen", () => {
  it("are a letter and the number", () => {
    expect(sectionInitials(["Intro", "Verse 1", "Chorus 1", "Verse 2", "Outro"])).toEqual(["I", "V1", "C1", "V2", "O"]);
  });

  it("are told apart where the first letter is the same", () => {
    expect(sectionInitials(["Introducción", "Estrofa 1", "Estribillo 1", "Estrofa 2", "Estribillo 2"])).toEqual(["I", "E1", "Es1", "E2", "Es2"]);
  });
});
