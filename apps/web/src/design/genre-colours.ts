/**
 * The provenance palette: one colour a genre, in two lights. Eight hues cannot all stay apart for colour-blind eyes, so a
 * piece starts from each genre's usual colour and moves a genre to another one where two would be confused; each place
 * in a piece also has a shape of its own, so that colour is never the only sign.
 */
export interface Swatch {
  name: string;
  light: string;
  dark: string;
}

export const PALETTE: readonly Swatch[] = [
  { name: "cobalt", light: "#1f3fb8", dark: "#86a4ff" },
  { name: "vermilion", light: "#bd3f0b", dark: "#ff9a66" },
  { name: "teal", light: "#00706a", dark: "#3fd6c4" },
  { name: "gold", light: "#7a5a00", dark: "#f2cb4d" },
  { name: "magenta", light: "#a81d6c", dark: "#ff8fc7" },
  { name: "violet", light: "#5a2bb5", dark: "#c0a4ff" },
  { name: "green", light: "#2f6a0e", dark: "#9edb6a" },
  { name: "night", light: "#2e3b4e", dark: "#dfe6f2" },
];

const FALLBACK: Swatch = { name: "ink", light: "#14161c", dark: "#f2f3ef" };

/** Shapes that go with the first to the fourth genre of a piece. */
export const SHAPES = ["circle", "diamond", "triangle", "square"] as const;
export type Shape = (typeof SHAPES)[number];

const USUAL: Readonly<Record<string, number>> = {
  jazz: 0,
  hip_hop: 1,
  classical: 5,
  country: 3,
  electronic: 2,
  house: 2,
  blues: 7,
  rock: 4,
  folk: 6,
};

/** The least distance in CIE Lab at which two palette colours count as told apart, whatever the eyes. */
export const LEAST_DISTANCE = 15;

type Rgb = readonly [number, number, number];

function linear(hex: string): Rgb {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** Relative luminance as WCAG 2 defines it, 0 to 1. */
export function luminance(hex: string): number {
  const [r, g, b] = linear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio as WCAG 2 defines it, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

// Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB; the first is ordinary vision.
const VISIONS: readonly (readonly number[])[] = [
  [1, 0, 0, 0, 1, 0, 0, 0, 1],
  [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
];

function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** The smallest Lab distance between two colours over ordinary, protan, deutan and tritan vision. */
export function distance(a: string, b: string): number {
  const seen = (hex: string, m: readonly number[]): Rgb => {
    const c = linear(hex);
    const row = (i: number) =>
      Math.min(1, Math.max(0, (m[i] ?? 0) * c[0] + (m[i + 1] ?? 0) * c[1] + (m[i + 2] ?? 0) * c[2]));
    return lab([row(0), row(3), row(6)]);
  };
  return Math.min(
    ...VISIONS.map((vision) => {
      const [p, q] = [seen(a, vision), seen(b, vision)];
      return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    }),
  );
}

function apart(a: Swatch, b: Swatch): number {
  return Math.min(distance(a.light, b.light), distance(a.dark, b.dark));
}

function usual(genre: string): number {
  let hash = 0;
  for (const letter of genre) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  const family = Object.keys(USUAL).find((known) => genre.startsWith(known));
  return (family === undefined ? undefined : USUAL[family]) ?? hash % PALETTE.length;
}

export interface GenreColour extends Swatch {
  genre: string;
  shape: Shape;
  /** A CSS colour that follows the theme. */
  css: string;
}

/** A colour and a shape for each genre of one piece, in the piece's own order. */
export function genreColours(genres: readonly string[]): GenreColour[] {
  const taken: Swatch[] = [];
  return genres.map((genre, place) => {
    const room = (swatch: Swatch) => Math.min(Infinity, ...taken.map((other) => apart(swatch, other)));
    const preferred = PALETTE[usual(genre)];
    const kept = preferred && !taken.includes(preferred) && room(preferred) >= LEAST_DISTANCE ? preferred : undefined;
    const farthest = PALETTE.toSorted((a, b) => room(b) - room(a))[0];
    const swatch = kept ?? farthest ?? FALLBACK;
    taken.push(swatch);
    return { ...swatch, genre, shape: SHAPES[place % SHAPES.length] ?? "circle", css: `light-dark(${swatch.light}, ${swatch.dark})` };
  });
}
