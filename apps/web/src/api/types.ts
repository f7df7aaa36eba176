/** The shapes of the API by the names that this page uses. They come from the API's own description: see `npm run api`. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export const LEVELS = ["beginner", "intermediate", "advanced"] as const;
export const CONTEXTS = ["classroom", "workshop", "individual_study", "peer_learning"] as const;

export type Text = Schemas["Text"];
export type SkillLevel = Schemas["SkillLevel"];
export type Mashup = Schemas["Mashup"];
export type MashupSummary = Schemas["Summary"];
export type GenreSummary = Schemas["GenreInfo"];
export type Change = Schemas["Change"];
export type Section = Schemas["SectionOutline"];
export type Hook = Schemas["HookOption"];
export type LyricLine = Schemas["LyricLine"];
export type Evidence = Schemas["Evidence"];
export type Claim = Schemas["Claim"];
export type Culture = Schemas["CulturalContext"];
export type LessonStep = Schemas["LessonStep"];
export type TeachingGuide = Schemas["TeachingGuide"];
export type Item = Schemas["Item"];
export type Task = Schemas["Task"];
export type RemixChange = Schemas["Remix"];

export const LAYERS = ["melody", "chords", "bass", "drums"] as const;
export const LICENCES = ["own_work", "public_domain", "open_licence", "permission"] as const;

export type Layer = (typeof LAYERS)[number];
export type Licence = (typeof LICENCES)[number];
export interface Facts {
  format: string;
  title: string;
  creator: string;
  tunes: number;
  key: string;
  key_confidence: number;
  meter: { beats: number; unit: number };
  tempo_bpm: number;
  bars: number;
  duration_seconds: number;
  sections: { label: string; first: number; bars: number }[];
  chords: { bar: number; symbol: string; numeral: string }[];
  chords_printed: boolean;
  parts: { id: string; name: string; program?: number | null; notes: number }[];
  layers: { layer: Layer; part: string; notes: number }[];
  remarks: string[];
}
export interface Source {
  id: string;
  name: string;
  tune: number;
  bytes: number;
  licence: Licence;
  credit: string;
  created_at: string;
  expires_at?: string | null;
  facts: Facts;
}
export interface SourcePlayback {
  parts: Schemas["PartOutline"][];
  measures: Schemas["MeasureOutline"][];
  tempo_bpm: number;
  meter: { beats: number; unit: number };
  playback: Schemas["Playback"];
}
export interface Credit {
  source_id: string;
  title: string;
  licence: Licence;
  credit: string;
  layers: Layer[];
}
export interface Fitting {
  layer: Layer;
  source: string;
  what: Text;
  why: Text;
  bars?: number[];
}

/** What the first page may ask for: the part of the API's request that it has fields for, open ones left out. */
export type GenerateRequest = Pick<Schemas["Request"], "user_prompt" | "skill_level" | "educational_context"> & {
  [Field in "genres" | "key" | "tempo_bpm" | "duration_bars" | "language" | "seed"]?: NonNullable<Schemas["Request"][Field]>;
} & Partial<Loan>;

/** Pieces of one's own in a request, and which layer comes from which. */
export interface Loan {
  source_ids: string[];
  take: Partial<Record<Layer, string>>;
}

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** One event of the stream that tells of a generation; the stream is not part of the API's description of JSON. */
export interface StepEvent {
  agent: string;
  state: "started" | "finished" | "retry";
  milliseconds?: number | null;
}
