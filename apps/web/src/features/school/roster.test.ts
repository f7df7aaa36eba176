import { describe, expect, it } from "vitest";
import { parts, readRoster } from "./roster";

describe("a list of people to invite", () => {
  it("may be bare addresses, one a line", () => {
    expect(readRoster("Ana@School.example\nbob@school.example\n", "student")).toEqual([
      { line: 1, email: "ana@school.example", role: "student" },
      { line: 2, email: "bob@school.example", role: "student" },
    ]);
  });

  it("finds addresses, roles and names in any order", () => {
    expect(readRoster("Ana, Ruiz Peña, profesora, ana@school.example", "student")[0]).toEqual({ line: 1, email: "ana@school.example", role: "teacher", given_name: "Ana", family_name: "Ruiz Peña" });
    expect(readRoster("Ana Ruiz <ana@school.example>", "parent")[0]).toEqual({ line: 1, email: "ana@school.example", role: "parent", given_name: "Ana Ruiz" });
  });

  it("goes by the heading where there is one, in both languages", () => {
    const rows = readRoster("Apellidos;Nombre;Correo electrónico;Rol\nRuiz;Ana;ana@centro.example;Docente\nSanz;Leo;leo@centro.example;", "student");
    expect(rows).toEqual([
      { line: 2, email: "ana@centro.example", role: "teacher", given_name: "Ana", family_name: "Ruiz" },
      { line: 3, email: "leo@centro.example", role: "student", given_name: "Leo", family_name: "Sanz" },
    ]);
  });

  it("tells what is wrong at the row, and drops none", () => {
    const rows = readRoster("email,role\nana@school.example,teacher\nANA@school.example,teacher\nno address,teacher\nbob@school.example,wizard", "student");
    expect(rows.map((row) => row.trouble)).toEqual([undefined, "twice", "no_address", "unknown_role"]);
  });

  it("is sent in parts", () => {
    expect(parts([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(parts([], 2)).toEqual([]);
  });
});
