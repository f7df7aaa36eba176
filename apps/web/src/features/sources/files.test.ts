import { describe, expect, it } from "vitest";
import { MOST_BYTES, abcTitles, fileTrouble, formatBytes } from "./files";

describe("a file that need not be sent", () => {
  it("is a recording, a picture, a program's own file, a packed folder, empty or too large", () => {
    expect(fileTrouble({ name: "Choir.MP3", size: 9 })).toBe("recording");
    expect(fileTrouble({ name: "score.pdf", size: 9 })).toBe("picture");
    expect(fileTrouble({ name: "song.mscz", size: 9 })).toBe("program");
    expect(fileTrouble({ name: "songs.zip", size: 9 })).toBe("archive");
    expect(fileTrouble({ name: "song.mid", size: 0 })).toBe("empty");
    expect(fileTrouble({ name: "song.mid", size: MOST_BYTES + 1 })).toBe("too_large");
  });

  it("is not one that only reading can judge", () => {
    for (const name of ["song.mid", "song.mxl", "song.xml", "song.musicxml", "tunes.abc", "no ending", "odd.txt"]) {
      expect(fileTrouble({ name, size: MOST_BYTES }), name).toBeUndefined();
    }
  });
});

describe("tunes of an ABC file", () => {
  it("are told by their titles, in order", () => {
    expect(abcTitles("%abc\n\nX:1\r\nT: First \r\nT:Also called\r\nK:C\r\nCDE|\r\n\r\nX: 7\nK:G\nGAB|\n\nX:8\nT:Third\nK:D\n")).toEqual(["First", "", "Third"]);
    expect(abcTitles("no tunes")).toEqual([]);
  });
});

describe("sizes", () => {
  it("are short", () => {
    expect(formatBytes(38, "en")).toBe("0.1 kB");
    expect(formatBytes(312_400, "en")).toBe("312 kB");
    expect(formatBytes(7_240_000, "es")).toBe("7,2 MB");
  });
});
