// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import type { Source } from "@/api/types";
import { type Bringing, bringSource } from "@/api/sources";
import { type OnDesk, useDesk, withPiece } from "./desk";
import { MOST_ON_DESK } from "./files";

vi.mock("@/api/sources", () => ({ bringSource: vi.fn() }));
const bring = vi.mocked(bringSource);

const source = (id: string, tunes = 1): Source => ({ id, licence: "public_domain", credit: "trad.", facts: { title: id, tunes, layers: [] } }) as unknown as Source;
const piece = (id: string): OnDesk => ({ source: source(id), fresh: false });
const ids = () => useDesk.getState().pieces.map((known) => known.source.id);
const file = (name: string, text = "notes") => new File([text], name);

beforeEach(() => {
  bring.mockReset();
  useDesk.setState({ waiting: [], refused: [], arrivals: [], pieces: [], choices: {} });
});

describe("bringing", () => {
  it("keeps files here until it is said whose they are, then sends them one after the other", async () => {
    bring.mockImplementation(({ name }: Bringing) => Promise.resolve({ source: source(name), fresh: true }));
    useDesk.getState().stage([file("a.mid"), file("choir.mp3"), file("b.mid")]);
    expect(bring).not.toHaveBeenCalled();
    expect(useDesk.getState().refused.map(({ name, trouble }) => [name, trouble])).toEqual([["choir.mp3", "recording"]]);
    const arrived = await useDesk.getState().bring("open_licence", "Ana, CC BY");
    expect(bring.mock.calls.map(([sent]) => [sent.name, sent.licence, sent.credit, sent.tune])).toEqual([
      ["a.mid", "open_licence", "Ana, CC BY", 1],
      ["b.mid", "open_licence", "Ana, CC BY", 1],
    ]);
    expect(arrived.map(({ id }) => id)).toEqual(["a.mid", "b.mid"]);
    expect(ids()).toEqual(["a.mid", "b.mid"]);
    expect(useDesk.getState().arrivals).toEqual([]);
  });

  it("keeps what did not arrive, to be sent again or asked about again", async () => {
    bring.mockRejectedValueOnce(new Problem(503, {})).mockResolvedValueOnce({ source: source("a"), fresh: true });
    useDesk.getState().stage([file("a.mid")]);
    expect(await useDesk.getState().bring("own_work", "")).toEqual([]);
    const [failed] = useDesk.getState().arrivals;
    expect(failed).toMatchObject({ phase: "failed", problem: { status: 503 } });
    await useDesk.getState().retry(failed?.key ?? 0);
    expect(ids()).toEqual(["a"]);

    bring.mockRejectedValueOnce(new Problem(422, { errors: [{ field: "credit", code: "required" }] }));
    useDesk.getState().stage([file("b.mid")]);
    await useDesk.getState().bring("open_licence", " ");
    useDesk.getState().askAgain(useDesk.getState().arrivals[0]?.key ?? 0);
    expect(useDesk.getState().waiting.map(({ file: { name } }) => name)).toEqual(["b.mid"]);
    expect(useDesk.getState().arrivals).toEqual([]);
  });

  it("forgets what is stopped on its way", async () => {
    bring.mockImplementation(
      (_, __, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new DOMException("cancelled", "AbortError")));
        }),
    );
    useDesk.getState().stage([file("a.mid")]);
    const done = useDesk.getState().bring("own_work", "");
    useDesk.getState().dismiss(useDesk.getState().arrivals[0]?.key ?? 0);
    expect(await done).toEqual([]);
    expect(useDesk.getState()).toMatchObject({ arrivals: [], pieces: [] });
  });
});

describe("tunes of one file", () => {
  it("take one another's place, and what was chosen goes along", async () => {
    const abc = "X:1\nT:One\nK:C\nC|\n\nX:2\nT:Two\nK:C\nD|\n";
    bring.mockImplementation(({ tune }: Bringing) => Promise.resolve({ source: source(`tune-${tune}`, 2), fresh: true }));
    useDesk.setState({ pieces: [piece("first")] });
    useDesk.getState().stage([file("tunes.abc", abc)]);
    await useDesk.getState().bring("public_domain", "trad.");
    useDesk.getState().choose("melody", "tune-1");
    const before = await useDesk.getState().changeTune("tune-1", 2);
    expect(before).toMatchObject({ fresh: true, source: { id: "tune-1" } });
    expect(bring.mock.lastCall?.[0]).toMatchObject({ name: "tunes.abc", tune: 2, licence: "public_domain", credit: "trad." });
    expect(ids()).toEqual(["first", "tune-2"]);
    expect(useDesk.getState().pieces[1]?.titles).toEqual(["One", "Two"]);
    expect(useDesk.getState().choices).toEqual({ melody: "tune-2" });
  });
});

describe("places on the table", () => {
  it("are four, and a piece has only one", () => {
    const four = ["a", "b", "c", "d"].map(piece);
    expect(four).toHaveLength(MOST_ON_DESK);
    expect(withPiece(four, piece("e"))).toEqual(four);
    expect(withPiece(four, piece("b"))).toEqual(four);
    expect(withPiece(four, piece("c"), "a").map((known) => known.source.id)).toEqual(["c", "b", "d"]);
  });

  it("are given back to a piece that was deleted by mistake", () => {
    useDesk.setState({ pieces: ["a", "c"].map(piece) });
    useDesk.getState().put(source("b"), 1);
    expect(ids()).toEqual(["a", "b", "c"]);
    useDesk.getState().putAside("a");
    expect(ids()).toEqual(["b", "c"]);
  });
});
