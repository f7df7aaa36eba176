import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { en } from "./en";
import { choices as choicesEn } from "./en/choices";
import { models as modelsEn } from "./en/models";
import { people as peopleEn } from "./en/people";
import { school as schoolEn } from "./en/school";
import { signOn as signOnEn } from "./en/sign-on";
import { studio as studioEn } from "./en/studio";
import { table as tableEn } from "./en/table";
import { es } from "./es";
import { choices as choicesEs } from "./es/choices";
import { models as modelsEs } from "./es/models";
import { people as peopleEs } from "./es/people";
import { school as schoolEs } from "./es/school";
import { signOn as signOnEs } from "./es/sign-on";
import { studio as studioEs } from "./es/studio";
import { table as tableEs } from "./es/table";

function leaves(tree: object, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "string" ? [[path + key, value] as [string, string]] : leaves(value as object, `${path}${key}.`),
  );
}

const names = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !path.includes("/i18n/") ? [readFileSync(path, "utf8")] : [];
  });
}

describe("languages", () => {
  const bundles = (...trees: object[]) => new Map(trees.flatMap((tree) => leaves(tree)));
  const english = bundles(en, studioEn, tableEn, peopleEn, schoolEn, signOnEn, modelsEn, choicesEn);
  const spanish = bundles(es, studioEs, tableEs, peopleEs, schoolEs, signOnEs, modelsEs, choicesEs);

  it("say the same things, none of them empty", () => {
    expect([...spanish.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, text] of [...english, ...spanish]) expect(text.trim(), key).not.toBe("");
  });

  it("put in the same values", () => {
    for (const [key, text] of english) expect(names(spanish.get(key) ?? ""), key).toEqual(names(text));
  });

  it("have no sentence that nobody says", () => {
    const code = sources("src").join("\n");
    const said = (key: string) => {
      const base = key.replace(/_(one|other)$/, "");
      const [parent] = [base.slice(0, base.lastIndexOf("."))];
      return code.includes(`"${base}"`) || code.includes(`\`${parent}.\${`);
    };
    expect([...english.keys()].filter((key) => !said(key))).toEqual([]);
  });
});
