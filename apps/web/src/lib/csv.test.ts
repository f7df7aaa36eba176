import { describe, expect, it } from "vitest";
import { readTable, writeTable } from "./csv";

describe("a table as text", () => {
  it("is read with commas, semicolons or tabs", () => {
    for (const sign of [",", ";", "\t"]) expect(readTable(`a${sign}b\r\nc${sign}d\r\n`)).toEqual([["a", "b"], ["c", "d"]]);
  });

  it("keeps what is quoted: separators, line breaks, quotes", () => {
    expect(readTable('\uFEFF"Ruiz, Ana","a ""b"" c"\n"two\nlines",x')).toEqual([["Ruiz, Ana", 'a "b" c'], ["two\nlines", "x"]]);
    expect(readTable('a;"x;y"\nb;z')).toEqual([["a", "x;y"], ["b", "z"]]);
  });

  it("leaves out empty rows, and survives a quote that never ends", () => {
    expect(readTable("a,b\n\n , \nc,d")).toEqual([["a", "b"], ["c", "d"]]);
    expect(readTable('a,"b\nc')).toEqual([["a", "b\nc"]]);
    expect(readTable("")).toEqual([]);
  });

  it("takes a quote in the middle of a cell for itself", () => {
    expect(readTable('12" record,x')).toEqual([['12" record', "x"]]);
  });
});

describe("a table as a file", () => {
  it("is read again as it was", () => {
    const rows = [["name", "cost"], ['Ruiz, "Ana"', "0.000018"], ["two\nlines", "3"]];
    expect(readTable(writeTable(rows))).toEqual(rows);
  });

  it("holds nothing that a spreadsheet would reckon", () => {
    expect(writeTable([["=1+1", "+x", "@a", "-3", "-2.5", "-x"]])).toBe("\uFEFF'=1+1,'+x,'@a,-3,-2.5,'-x\r\n");
  });
});
