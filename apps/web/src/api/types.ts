/** The shapes of the API as this page uses them. Times are exact fractions of quarter notes as text, except in playback. */
export const LEVELS = ["beginner", "intermediate", "advanced"] as const;
export const CONTEXTS = ["classroom", "workshop", "individual_study", "peer_learning"] as const;

export type SkillLevel = (typeof LEVELS)[number];

/** A text in every language of the product. */
export interface Text {
  en: string;
  es: string;
}

export interface GenerateRequest {
  user_prompt: string;
  skill_level: SkillLevel;
  educational_context: (typeof CONTEXTS)[number];
  genres?: string[];
  key?: string;
  tempo_bpm?: number;
  duration_bars?: number;
  language?: "en" | "es";
  seed?: number;
}

export interface GenreShare {
  id: string;
  name: Text;
  share: number;
}

export interface GenreSummary {
  id: string;
  name: Text;
  summary?: Text;
}

export interface Change {
  what: Text;
  before: Text;
  after: Text;
}

export interface BlendRow {
  dimension: string;
  genre: string;
  colour?: string;
  asked: boolean;
  reason: Text;
}

export interface Section {
  id: string;
  label: Text;
  kind: string;
  /** The number printed over its first bar. */
  first_bar: number;
  bars: number;
  energy: number;
}

export interface ScorePart {
  id: string;
  name: Text;
  role: "melody" | "counter" | "harmony" | "pad" | "bass" | "drums";
  program?: number | null;
  genre: string;
}

export interface ScoreChord {
  at: string;
  duration: string;
  bar: number;
  symbol: string;
  numeral: string;
}

export interface ScoreInfo {
  key: string;
  meter: { beats: number; unit: number };
  tempo_bpm: number;
  swing?: { unit: string; first_milli: number } | null;
  bars: number;
  duration_seconds: number;
  sections: Section[];
  parts: ScorePart[];
  chords: ScoreChord[];
  measures: { number: number; start: string; length: string }[];
}

/** A note or chord as it is played: times in quarter notes with swing applied. */
export interface PlaybackNote {
  id: string;
  at: number;
  d: number;
  p: number[];
  v: number;
  o?: number;
  /** The onset as written. */
  w: number;
}

export interface Playback {
  end: number;
  parts: { id: string; notes: PlaybackNote[] }[];
}

export interface Origin {
  dimension: string;
  genre: string;
  rule: string;
  text: Text;
}

export interface Hook {
  id: string;
  chosen: boolean;
  text: string;
  notes: { at: string | number; d: string | number; p: number | number[]; syllable?: string | null }[];
  contour: string;
  rhythm: Text;
  why: Text;
  singability: number;
}

export interface Syllable {
  text: string;
  ends_word: boolean;
  stressed: boolean;
  note_id: string;
}

export interface LyricLine {
  text: string;
  rhyme?: string | null;
  hook: boolean;
  syllables: Syllable[];
}

export interface Lyrics {
  title: string;
  theme: string;
  language: string;
  sections: { section: string; scheme: string; lines: LyricLine[] }[];
}

export interface Evidence {
  bars: number[];
  notes: string[];
  from: string;
  to: string;
}

export interface Claim {
  id: string;
  concept: string;
  text: Text;
  listen_for: Text;
  evidence: Evidence;
  genre?: string | null;
}

export interface Culture {
  genre: string;
  name: Text;
  summary: Text;
  origins: Text[];
  people: { name: string; known_for: Text }[];
  social_history: Text;
  respectful_use: Text;
  listening: { title: string; artist: string; year: number; why: Text }[];
  sources: { key: string; text: string }[];
}

export interface Concept {
  id: string;
  name: Text;
  definition: Text;
  level: SkillLevel;
  prerequisites: string[];
  standards: string[];
}

export interface LessonStep {
  minutes: number;
  phase: string;
  title: Text;
  teacher: Text;
  learners: Text;
  claims: string[];
  evidence?: Evidence | null;
}

export interface TeachingGuide {
  total_minutes: number;
  sequence: LessonStep[];
  materials: Text[];
  discussion_questions: Text[];
  activities: Text[];
  differentiation: Text[];
  extension: Text[];
  cultural_sensitivity: Text[];
}

export type Task =
  | { kind: "multiple_choice"; options: Text[]; key: number }
  | { kind: "multiple_select"; options: Text[]; key: number[] }
  | { kind: "true_false"; key: boolean }
  | { kind: "numeric"; key: number }
  | { kind: "short_text"; accepted: string[] }
  | { kind: "ordering"; entries: Text[]; key: number[] }
  | { kind: "matching"; left: Text[]; right: Text[]; key: number[] };

export interface Item {
  id: string;
  concept: string;
  level: SkillLevel;
  prompt: Text;
  task: Task;
  explanation: Text;
  evidence: Evidence;
  listen: boolean;
  points: number;
}

export interface MashupSummary {
  id: string;
  title: string;
  /** The ids of its genres. */
  genres: string[];
  key: string;
  tempo_bpm: number;
  created_at: string;
}

export interface Mashup {
  id: string;
  title: string;
  genre_blend: GenreShare[];
  created_at: string;
  /** Whether the reader made it, and so may change it. */
  own: boolean;
  session_id: string;
  parent_id?: string | null;
  shared: boolean;
  version: number;
  expires_at?: string | null;
  request: GenerateRequest & { seed: number };
  blend: BlendRow[];
  score: ScoreInfo;
  playback: Playback;
  origins: Origin[];
  hooks: Hook[];
  lyrics: Lyrics;
  theory_analysis: { key: { name: string; confidence: number }; cadences: { kind: string; bar: number; chords: string[] }[]; claims: Claim[] };
  cultural_context: Culture[];
  educational_content: { key_concepts: Concept[]; objectives: Text[]; standards: { framework: string; code: string; summary: Text; evidence: string }[] };
  teaching_guide: TeachingGuide;
  learning_assessment: { items: Item[]; rubric: { criterion: Text; levels: Text[] }[] };
  quality: { overall: number; passed: boolean; rounds: number; scores: { name: string; value: number; threshold: number; measured: Text }[] };
  changes: Change[];
  metadata: { agents: { name: string; source: string; milliseconds: number; round: number }[]; program_version: string; fallback: boolean; warnings: Text[] };
}

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

export interface StepEvent {
  agent: string;
  state: "started" | "finished" | "retry";
  milliseconds?: number | null;
}

/** What a remix may ask for; all that is left out stays as it is. */
export interface RemixChange {
  level?: "easier" | "harder" | SkillLevel;
  key?: string;
  transpose?: number;
  tempo_bpm?: number;
  tempo_factor?: number;
  blend?: Record<string, string>;
  swap_genre?: { from: string; to: string };
  more_of?: string;
}
