/** The largest file that is taken, in bytes. */
export const MOST_BYTES = 5 * 1024 * 1024;

/** How many pieces one mashup may borrow from: as many as it has layers to take. */
export const MOST_ON_DESK = 4;

/** Why a file need not be sent at all. */
export type FileTrouble = "empty" | "too_large" | "recording" | "picture" | "program" | "archive";

const KINDS: readonly (readonly [FileTrouble, RegExp])[] = [
  ["recording", /\.(mp3|wav|ogg|oga|opus|m4a|aac|flac|aif|aiff|wma|mp4|mov|webm)$/i],
  ["picture", /\.(pdf|png|jpe?g|gif|webp|heic|tiff?|docx?|odt|pptx?)$/i],
  ["program", /\.(mscz|mscx|sib|musx|mus|gpx?|gp[345]|dorico|cpr|logicx|als|ptb|nwc|enc|cap)$/i],
  ["archive", /\.(zip|rar|7z|gz|tar)$/i],
];

/** What is plainly wrong with a file; undefined where only reading it can tell. */
export function fileTrouble({ name, size }: { name: string; size: number }): FileTrouble | undefined {
  const kind = KINDS.find(([, pattern]) => pattern.test(name))?.[0];
  if (kind) return kind;
  if (size === 0) return "empty";
  return size > MOST_BYTES ? "too_large" : undefined;
}

/** The titles of the tunes of an ABC file, in order: every tune begins with a line `X:`. */
export function abcTitles(text: string): string[] {
  const tunes = text.split(/^X:/m).slice(1);
  return tunes.map((tune) => /^T:\s*(.*)$/m.exec(tune)?.[1]?.trim() ?? "");
}

/** `312 kB`, `4.2 MB`, as the reader's language writes it. */
export function formatBytes(bytes: number, language: string): string {
  const [value, unit] = bytes < 1e6 ? [Math.max(0.1, bytes / 1e3), "kilobyte"] : [bytes / 1e6, "megabyte"];
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}
