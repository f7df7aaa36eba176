import { createContext, useContext } from "react";
import { type StoreApi, createStore, useStore } from "zustand";
import type { Evidence, Mashup, Section } from "@/api/types";
import { type GenreColour, genreColours } from "@/design/genre-colours";
import { type Fader, USUAL_VOLUME } from "@/player/desk";
import { Player, type Status } from "@/player/player";
import { type Timeline, barAt, timelineOf } from "@/player/timeline";
import type { Given } from "./quiz/grade";
import { Tour, stretchesOf } from "./tour";

export const TABS = ["listen", "theory", "culture", "plan", "quiz"] as const;
export type Tab = (typeof TABS)[number];
export type View = "score" | "roll";

/** Everything on the studio's page that changes while a piece is open. */
export interface StudioState {
  mashup: Mashup;
  timeline: Timeline;
  player: Player;
  colours: readonly GenreColour[];
  status: Status;
  /** Grows with every start, stop and jump, so that what follows the playhead looks again. */
  moved: number;
  /** Whether the instruments are ready to sound. */
  tuned: boolean;
  tab: Tab;
  view: View;
  wall: boolean;
  tinted: boolean;
  tempo: number;
  loop: string | undefined;
  metronome: boolean;
  countIn: boolean;
  faders: readonly Fader[];
  /** The note whose reason is shown. */
  selected: string | undefined;
  /** The bars and notes that a claim, a step or a question points to. */
  lit: Pick<Evidence, "bars" | "notes"> | undefined;
  /** How far the class is in the quiz: kept while other tabs are looked at. */
  quiz: { at: number; given: readonly Given[] };
  set: (change: Partial<Pick<StudioState, "quiz" | "tab" | "view" | "wall" | "tinted" | "countIn" | "selected" | "lit">>) => void;
  toggle: () => void;
  stop: () => void;
  seek: (position: number) => void;
  step: (bars: number) => void;
  jumpSection: (direction: 1 | -1) => void;
  toggleLoop: (section?: string) => void;
  setTempo: (factor: number) => void;
  toggleMetronome: () => void;
  setFader: (part: number, change: Partial<Fader>) => void;
  /** Lights up what an evidence names and plays it once. */
  show: (evidence: Evidence, play?: boolean) => void;
  hearNote: (id: string) => void;
  /** Goes to the neighbour of the note whose reason is shown, in its part; from nowhere, to the melody's note at the present place. */
  stepNote: (direction: 1 | -1) => void;
}

export type StudioStore = StoreApi<StudioState>;

/** The stretch of a section. */
export function sectionStretch(timeline: Timeline, section: Section): { from: number; to: number } {
  const covered = timeline.bars.filter((bar) => bar.number >= section.first_bar && bar.number < section.first_bar + section.bars);
  const [first, last] = [covered[0], covered.at(-1)];
  return first && last ? { from: first.start, to: last.start + last.length } : { from: 0, to: timeline.end };
}

export function sectionAt(mashup: Mashup, timeline: Timeline, position: number): Section | undefined {
  const bar = barAt(timeline.bars, position)?.number ?? 0;
  return mashup.score.sections.find((section) => bar >= section.first_bar && bar < section.first_bar + section.bars);
}

/** The note after or before one in its part; where none is chosen, the first of the melody from a place on. */
export function neighbour(timeline: Pick<Timeline, "notes" | "parts">, chosen: string | undefined, direction: 1 | -1, position: number): string | undefined {
  const from = timeline.notes.find((note) => note.id === chosen);
  const part = from?.part ?? Math.max(0, timeline.parts.findIndex((known) => known.role === "melody"));
  const line = timeline.notes.filter((note) => note.part === part);
  const at = from ? line.indexOf(from) + direction : line.findIndex((note) => note.at >= position - 1e-6);
  return line[Math.min(Math.max(0, at), line.length - 1)]?.id;
}

export function createStudio(mashup: Mashup): StudioStore {
  const timeline = timelineOf(mashup);
  const player = new Player(timeline);
  const tour = new Tour(player);
  const faders = timeline.parts.map(() => ({ volume: USUAL_VOLUME, muted: false, solo: false }));
  player.setFaders(faders);

  const store = createStore<StudioState>()((set, get) => ({
    mashup,
    timeline,
    player,
    colours: genreColours(mashup.genre_blend.map((genre) => genre.id)),
    status: "stopped",
    moved: 0,
    tuned: false,
    tab: "listen",
    view: "score",
    wall: false,
    tinted: false,
    tempo: 1,
    loop: undefined,
    metronome: false,
    countIn: false,
    faders,
    selected: undefined,
    lit: undefined,
    // What one tab pointed to means nothing under another.
    set: (change) => set((state) => (change.tab !== undefined && change.tab !== state.tab ? { lit: undefined, ...change } : change)),
    quiz: { at: -1, given: [] },
    toggle: () => {
      tour.leave();
      if (get().status === "playing") player.pause();
      else void player.play({ countIn: get().countIn });
    },
    stop: () => {
      tour.leave();
      player.stop();
    },
    seek: (position) => {
      tour.leave();
      player.seek(position);
    },
    step: (bars) => {
      tour.leave();
      const at = timeline.bars.findLastIndex((bar) => bar.start <= player.position() + 1e-6);
      player.seek(timeline.bars[Math.min(Math.max(0, at + bars), timeline.bars.length - 1)]?.start ?? 0);
    },
    jumpSection: (direction) => {
      tour.leave();
      const { sections } = mashup.score;
      const here = sectionAt(mashup, timeline, player.position());
      const next = sections[Math.min(Math.max(0, sections.findIndex((section) => section === here) + direction), sections.length - 1)];
      if (next) player.seek(sectionStretch(timeline, next).from);
    },
    toggleLoop: (id) => {
      tour.leave();
      const section = id ?? sectionAt(mashup, timeline, player.position())?.id;
      const on = get().loop === undefined || (id !== undefined && get().loop !== id);
      const chosen = on ? mashup.score.sections.find((known) => known.id === section) : undefined;
      set({ loop: chosen?.id });
      const stretch = chosen && sectionStretch(timeline, chosen);
      if (stretch && (player.position() < stretch.from || player.position() >= stretch.to)) player.seek(stretch.from);
      player.setLoop(stretch);
    },
    setTempo: (tempo) => {
      set({ tempo });
      player.setTempo(tempo);
    },
    toggleMetronome: () => {
      const metronome = !get().metronome;
      set({ metronome });
      player.setMetronome(metronome);
    },
    setFader: (part, change) => {
      const next = get().faders.map((fader, i) => (i === part ? { ...fader, ...change } : fader));
      set({ faders: next });
      player.setFaders(next);
    },
    show: (evidence, play = true) => {
      set({ lit: { bars: evidence.bars, notes: evidence.notes }, wall: false, selected: undefined });
      const stretches = stretchesOf(timeline, evidence.bars);
      if (play) tour.start(stretches);
      else if (get().status !== "playing") player.seek(stretches[0]?.from ?? 0);
    },
    hearNote: (id) => {
      set({ selected: id });
      const note = timeline.notes.find((known) => known.id === id);
      if (note && get().status !== "playing") void player.audition(note);
    },
    stepNote: (direction) => {
      const id = neighbour(timeline, get().selected, direction, player.position());
      if (id !== undefined) get().hearNote(id);
    },
  }));

  player.onStatus = (status) => {
    store.setState(({ moved }) => ({ status, moved: moved + 1 }));
    tour.heard(status);
  };
  return store;
}

export const StudioContext = createContext<StudioStore | undefined>(undefined);

export function useStudioStore(): StudioStore {
  const store = useContext(StudioContext);
  if (!store) throw new Error("used outside of the studio");
  return store;
}

export function useStudio<T>(select: (state: StudioState) => T): T {
  return useStore(useStudioStore(), select);
}
