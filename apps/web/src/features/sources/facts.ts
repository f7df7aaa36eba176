import type { Facts, SourcePlayback } from "@/api/types";
import { PALETTE } from "@/design/genre-colours";
import { type Playable, quarters } from "@/player/timeline";

/** How sure the analyser is of a key, in three steps that words can tell: its value is a probability over all keys and modes. */
export type Sureness = "clear" | "likely" | "open";

export function surenessOf(confidence: number): Sureness {
  if (confidence >= 0.8) return "clear";
  return confidence >= 0.5 ? "likely" : "open";
}

/** The signs of the pieces on the desk, in their order: the four of the palette that stay farthest apart. */
const DESK = ["cobalt", "vermilion", "teal", "night"];

/** A colour that follows the theme. */
function css(name: string): string {
  const swatch = PALETTE.find((known) => known.name === name);
  return swatch ? `light-dark(${swatch.light}, ${swatch.dark})` : "var(--ink)";
}

export const deskSwatches = DESK.flatMap((name) => PALETTE.filter((known) => known.name === name));

export function deskColour(place: number): string {
  return css(DESK[place % DESK.length] ?? "cobalt");
}

/** What a section varies: A' is an A. */
function themeOf(label: string): string {
  return label.replace(/['’′]+$/, "");
}

/** The colour of each section, the same where a theme returns, and whether it returns varied. */
export function sectionColours(sections: readonly { label: string }[]): { colour: string; varied: boolean }[] {
  const themes = [...new Set(sections.map(({ label }) => themeOf(label)))];
  return sections.map(({ label }) => ({
    colour: css(PALETTE[themes.indexOf(themeOf(label)) % PALETTE.length]?.name ?? "cobalt"),
    varied: themeOf(label) !== label,
  }));
}

export interface ChordBar {
  /** From 1. */
  number: number;
  /** The index of the section that it lies in. */
  section: number;
  chords: { symbol: string; numeral: string }[];
  /** Whether its only chord is that of the bar before. */
  held: boolean;
}

/** The bars with their chords; a bar without a new chord keeps the one before. */
export function chordBars(facts: Pick<Facts, "bars" | "chords" | "sections">): ChordBar[] {
  const bars: ChordBar[] = [];
  // Longer pieces are cut where the analyser stops naming chords.
  const count = Math.min(facts.bars, 128);
  let last: ChordBar["chords"][number] | undefined;
  for (let bar = 0; bar < count; bar += 1) {
    const fresh = facts.chords.filter((chord) => chord.bar === bar).map(({ symbol, numeral }) => ({ symbol, numeral }));
    const held = fresh.length === 0;
    const section = facts.sections.findLastIndex((known) => known.first <= bar);
    bars.push({ number: bar + 1, section, chords: held ? (last ? [last] : []) : fresh, held });
    last = fresh.at(-1) ?? last;
  }
  return bars;
}

/** How many bars of the playback lie before the first whole one: one where the piece begins with a pickup. */
export function pickups({ measures, meter }: Pick<SourcePlayback, "measures" | "meter">): number {
  const [first] = measures;
  return first && measures.length > 1 && quarters(first.length) < (meter.beats * 4) / meter.unit - 1e-6 ? 1 : 0;
}

/** A piece for the player, its parts seated as what they play: a bass keeps its low notes, a tune stands in front. */
export function playableOf(playback: SourcePlayback, facts: Pick<Facts, "layers">): Playable {
  const named = (layer: string) => facts.layers.find((found) => found.layer === layer)?.part;
  const [melody, bass] = [named("melody"), named("bass")];
  const only = playback.parts.length === 1;
  const parts = playback.parts.map((part) => {
    if (part.role === "drums") return part;
    if (only || (melody !== undefined && melody !== "" && part.name.en === melody)) return { ...part, role: "melody" as const };
    return bass !== undefined && bass !== "" && part.name.en === bass ? { ...part, role: "bass" as const } : part;
  });
  const { measures, tempo_bpm, meter } = playback;
  return { score: { parts, measures, tempo_bpm, meter }, playback: playback.playback };
}
