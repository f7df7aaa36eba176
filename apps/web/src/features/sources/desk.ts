import { create } from "zustand";
import { bringSource } from "@/api/sources";
import { Problem } from "@/api/problem";
import type { Layer, Licence, Source } from "@/api/types";
import { type FileTrouble, MOST_ON_DESK, abcTitles, fileTrouble } from "./files";
import { type Choices, exchanged } from "./take";

/** A file that was chosen and waits for the question whose music it is. Nothing of it has left the computer. */
export interface Waiting {
  key: number;
  file: File;
}

/** A file on its way, or one that did not arrive. */
export interface Arrival extends Waiting {
  licence: Licence;
  credit: string;
  tune: number;
  /** The piece whose place it takes: another tune of the same file. */
  instead: string | undefined;
  phase: "sending" | "reading" | "failed";
  /** How much of it has left, 0 to 1. */
  share: number;
  problem?: Problem;
}

/** A file that is plainly not what is needed. */
export interface Refused {
  key: number;
  name: string;
  bytes: number;
  trouble: FileTrouble;
}

/** A piece that the next mashup may borrow from. */
export interface OnDesk {
  source: Source;
  /** The file, where it was brought on this visit: another tune of it can be read. */
  file?: File;
  /** The titles of the tunes of the file. */
  titles?: string[];
  /** Whether it was not there before it was brought on this visit. */
  fresh: boolean;
}

export interface DeskState {
  waiting: Waiting[];
  refused: Refused[];
  arrivals: Arrival[];
  pieces: OnDesk[];
  choices: Choices;
  stage: (files: readonly File[]) => void;
  unstage: (key: number) => void;
  dismiss: (key: number) => void;
  /** Sends what waits under a licence; resolves with what arrived, one after the other. */
  bring: (licence: Licence, credit: string) => Promise<Source[]>;
  retry: (key: number) => Promise<Source[]>;
  /** Asks again whose music it is. */
  askAgain: (key: number) => void;
  /** Reads another tune of the file of a piece and puts it in its place. Resolves with the piece that made room. */
  changeTune: (id: string, tune: number) => Promise<OnDesk | undefined>;
  put: (source: Source, place?: number) => void;
  putAside: (id: string) => void;
  choose: (layer: Layer, from: string) => void;
}

let next = 1;
const running = new Map<number, AbortController>();

/** The pieces after one more came: in the place of another, or at the end while there is room. */
export function withPiece(pieces: readonly OnDesk[], piece: OnDesk, instead?: string): OnDesk[] {
  const others = pieces.filter((known) => known.source.id !== piece.source.id || known.source.id === instead);
  if (others.some((known) => known.source.id === instead)) return others.map((known) => (known.source.id === instead ? piece : known));
  if (others.length < pieces.length) return pieces.map((known) => (known.source.id === piece.source.id ? piece : known));
  return pieces.length < MOST_ON_DESK ? [...pieces, piece] : [...pieces];
}

async function titlesOf(file: File, tunes: number): Promise<string[] | undefined> {
  if (tunes < 2 || !/\.abc$/i.test(file.name)) return undefined;
  const titles = abcTitles(await file.text());
  return titles.length === tunes ? titles : undefined;
}

/** The table on which pieces of one's own lie until a mashup is made of them; it stays laid while the page is open. */
export const useDesk = create<DeskState>()((set, get) => {
  const arrival = (key: number, change: Partial<Arrival>) =>
    set((state) => ({ arrivals: state.arrivals.map((known) => (known.key === key ? { ...known, ...change } : known)) }));

  const send = async (key: number): Promise<Source | undefined> => {
    const sent = get().arrivals.find((known) => known.key === key);
    if (!sent) return undefined;
    const controller = new AbortController();
    running.set(key, controller);
    try {
      const { file, licence, credit, tune, instead } = sent;
      const { source, fresh } = await bringSource({ file, name: file.name, licence, credit, tune }, (share) => arrival(key, { share, phase: share < 1 ? "sending" : "reading" }), controller.signal);
      const titles = await titlesOf(file, source.facts.tunes);
      const piece: OnDesk = { source, file, fresh, ...(titles ? { titles } : {}) };
      set((state) => ({
        arrivals: state.arrivals.filter((known) => known.key !== key),
        pieces: withPiece(state.pieces, piece, instead),
        choices: instead === undefined ? state.choices : exchanged(state.choices, instead, source.id),
      }));
      return source;
    } catch (error) {
      if (controller.signal.aborted) set((state) => ({ arrivals: state.arrivals.filter((known) => known.key !== key) }));
      else arrival(key, { phase: "failed", problem: error instanceof Problem ? error : Problem.network() });
      return undefined;
    } finally {
      running.delete(key);
    }
  };

  const sendAll = async (keys: readonly number[]): Promise<Source[]> => {
    const arrived: Source[] = [];
    for (const key of keys) {
      const source = await send(key);
      if (source) arrived.push(source);
    }
    return arrived;
  };

  return {
    waiting: [],
    refused: [],
    arrivals: [],
    pieces: [],
    choices: {},
    stage: (files) => {
      const seen = files.map((file) => ({ key: next++, file, trouble: fileTrouble(file) }));
      set((state) => ({
        waiting: [...state.waiting, ...seen.filter((one) => one.trouble === undefined).map(({ key, file }) => ({ key, file }))],
        refused: seen.flatMap(({ key, file, trouble }) => (trouble ? [{ key, name: file.name, bytes: file.size, trouble }] : [])),
      }));
    },
    unstage: (key) => set((state) => ({ waiting: state.waiting.filter((known) => known.key !== key) })),
    dismiss: (key) => {
      running.get(key)?.abort();
      set((state) => ({ refused: state.refused.filter((known) => known.key !== key), arrivals: state.arrivals.filter((known) => known.key !== key) }));
    },
    bring: (licence, credit) => {
      const fresh = get().waiting.map(({ key, file }): Arrival => ({ key, file, licence, credit, tune: 1, instead: undefined, phase: "sending", share: 0 }));
      set((state) => ({ waiting: [], refused: [], arrivals: [...state.arrivals, ...fresh] }));
      return sendAll(fresh.map(({ key }) => key));
    },
    retry: (key) => {
      arrival(key, { phase: "sending", share: 0 });
      return sendAll([key]);
    },
    askAgain: (key) => {
      const again = get().arrivals.find((known) => known.key === key);
      if (!again) return;
      set((state) => ({ arrivals: state.arrivals.filter((known) => known.key !== key), waiting: [...state.waiting, { key, file: again.file }] }));
    },
    changeTune: async (id, tune) => {
      const before = get().pieces.find((piece) => piece.source.id === id);
      if (!before?.file) return undefined;
      const { licence, credit } = before.source;
      const key = next++;
      set((state) => ({ arrivals: [...state.arrivals, { key, file: before.file as File, licence, credit, tune, instead: id, phase: "sending", share: 0 }] }));
      return (await send(key)) ? before : undefined;
    },
    put: (source, place) =>
      set((state) => {
        const pieces = withPiece(state.pieces, { source, fresh: false });
        const at = pieces.findIndex((piece) => piece.source.id === source.id);
        if (place === undefined || at < 0) return { pieces };
        return { pieces: pieces.toSpliced(at, 1).toSpliced(place, 0, ...pieces.slice(at, at + 1)) };
      }),
    putAside: (id) => set((state) => ({ pieces: state.pieces.filter((piece) => piece.source.id !== id) })),
    choose: (layer, from) => set((state) => ({ choices: { ...state.choices, [layer]: from } })),
  };
});
