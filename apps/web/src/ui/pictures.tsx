import type { ReactNode } from "react";

const A = "var(--accent)";
const S = "var(--signal)";
const I = "var(--ink)";
const P = "var(--surface)";

const Eye = ({ x, y, r = 3 }: { x: number; y: number; r?: number }) => (
  <>
    <circle cx={x} cy={y} r={r + 1.6} fill={P} />
    <circle cx={x} cy={y} r={r} fill="#14161c" />
  </>
);

const STAR = Array.from({ length: 10 }, (_, i) => {
  const [radius, angle] = [i % 2 === 0 ? 27 : 12, (i * Math.PI) / 5 - Math.PI / 2];
  return `${(32 + radius * Math.cos(angle)).toFixed(1)},${(33 + radius * Math.sin(angle)).toFixed(1)}`;
}).join(" ");

const DRAWINGS = {
  cat: (
    <>
      <path d="M12 8l14 11H38L52 8v26a20 20 0 0 1-40 0z" fill={A} />
      <path d="M15 14l8 6-8 6zM49 14l-8 6 8 6z" fill={S} />
      <Eye x={24} y={33} />
      <Eye x={40} y={33} />
      <path d="M28.500 41h7L32 45z" fill={S} />
      <path d="M32 45v3m-11-6l-15-2m15 6l-14 4m36-8l15-2m-15 6l14 4" stroke={I} strokeWidth="2" strokeLinecap="round" />
    </>
  ),
  dog: (
    <>
      <rect x="15" y="12" width="34" height="44" rx="17" fill={S} />
      <path d="M18 12C6 12 4 24 7 38c1 5 8 5 9 0zM46 12c12 0 14 12 11 26-1 5-8 5-9 0z" fill={A} />
      <ellipse cx="32" cy="44" rx="11" ry="10" fill={P} />
      <Eye x={25} y={29} />
      <Eye x={39} y={29} />
      <ellipse cx="32" cy="40" rx="5.500" ry="4" fill="#14161c" />
      <path d="M32 44v4" stroke="#14161c" strokeWidth="2" />
      <path d="M28.500 49h7v5a3.500 3.500 0 0 1-7 0z" fill={A} />
    </>
  ),
  owl: (
    <>
      <path d="M12 8l12 8h16l12-8v28a20 22 0 0 1-40 0z" fill={S} />
      <path d="M12 30c8 4 10 14 6 24-5-5-6-12-6-18zM52 30c-8 4-10 14-6 24 5-5 6-12 6-18z" fill={A} />
      <circle cx="23" cy="27" r="9.500" fill={P} />
      <circle cx="41" cy="27" r="9.500" fill={P} />
      <circle cx="23" cy="27" r="4.500" fill="#14161c" />
      <circle cx="41" cy="27" r="4.500" fill="#14161c" />
      <path d="M28.500 33h7L32 40z" fill={I} />
      <path d="M26 45l3 3 3-3 3 3 3-3m-9 7l3 3 3-3" stroke={P} strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
    </>
  ),
  fish: (
    <>
      <path d="M46 32l15-13v26z" fill={S} />
      <path d="M24 18c3-7 9-9 15-9-1 5-3 9-6 12zM26 47c2 5 7 7 12 7-1-4-2-7-4-10z" fill={S} />
      <ellipse cx="28" cy="32" rx="24" ry="16" fill={A} />
      <path d="M27 19c5 8 5 18 0 26M36 20c4 8 4 16 0 24" stroke={P} strokeWidth="2.500" strokeLinecap="round" />
      <Eye x={15} y={28} />
      <path d="M6 37c3 1 5 1 8 0" stroke={P} strokeWidth="2" strokeLinecap="round" />
    </>
  ),
  fox: (
    <>
      <path d="M8 8l16 10h16L56 8c2 18-6 36-24 50C14 44 6 26 8 8z" fill={S} />
      <path d="M12 14l9 7-7 8zM52 14l-9 7 7 8z" fill={A} />
      <path d="M11 33c9 0 16 5 21 16 5-11 12-16 21-16-4 10-11 18-21 25-10-7-17-15-21-25z" fill={P} />
      <Eye x={23} y={32} />
      <Eye x={41} y={32} />
      <circle cx="32" cy="53" r="4.500" fill="#14161c" />
    </>
  ),
  turtle: (
    <>
      <path d="M12 42h10v12h-8a2 2 0 0 1-2-2zM36 42h10v10a2 2 0 0 1-2 2h-8zM4 42l-3-4 8 0z" fill={S} />
      <path d="M44 40c2-12 5-17 10-17 6 0 8 5 8 9 0 6-6 12-16 12z" fill={S} />
      <path d="M5 42a22 26 0 0 1 44 0z" fill={A} />
      <path d="M5 42h44M27 17v12m0 0l-9 6-4 7m13-13l9 6 4 7m-22-7L9 30m27 5l9-5" stroke={P} strokeWidth="2.200" strokeLinejoin="round" strokeLinecap="round" />
      <Eye x={55} y={30} r={2} />
    </>
  ),
  guitar: (
    <>
      <path d="M34 30L53 11" stroke={I} strokeWidth="5" />
      <path d="M50 7l7 7 4-5-6-6z" fill={A} />
      <circle cx="21" cy="43" r="16" fill={S} />
      <circle cx="34" cy="30" r="11" fill={S} />
      <circle cx="28" cy="36" r="6.500" fill={P} />
      <circle cx="28" cy="36" r="4" fill={A} />
      <path d="M13 45l6 6" stroke={I} strokeWidth="4" strokeLinecap="round" />
      <path d="M17 49L52 12" stroke={P} strokeWidth="1.300" />
    </>
  ),
  drum: (
    <>
      <path d="M8 4l20 18M56 4L36 22" stroke={I} strokeWidth="4" strokeLinecap="round" />
      <path d="M8 26v24c0 5 11 9 24 9s24-4 24-9V26z" fill={A} />
      <path d="M8 32l8 22 8-18 8 22 8-22 8 18 8-22" stroke={P} strokeWidth="2.200" strokeLinejoin="round" fill="none" />
      <ellipse cx="32" cy="26" rx="24" ry="9" fill={S} />
      <ellipse cx="32" cy="26" rx="19" ry="6" fill={P} />
    </>
  ),
  piano: (
    <>
      <rect x="5" y="9" width="54" height="12" rx="3" fill={A} />
      <rect x="5" y="19" width="54" height="37" rx="3" fill={P} stroke={I} strokeWidth="2.500" />
      <path d="M18.500 20v35M32 20v35M45.500 20v35" stroke={I} strokeWidth="2" />
      <path d="M14 20h9v20h-9zM27.500 20h9v20h-9z" fill="#14161c" stroke={I} />
      <path d="M41 20h9v20h-9z" fill={S} />
    </>
  ),
  trumpet: (
    <>
      <path d="M2 28h40" stroke={S} strokeWidth="6" />
      <path d="M40 25c9-1 15-6 20-13v38c-5-9-11-14-20-16z" fill={S} />
      <path d="M14 31v11a5 5 0 0 0 5 5h17a5 5 0 0 0 5-5V31" stroke={A} strokeWidth="5" />
      <path d="M21 16v28M28 16v28M35 16v28" stroke={I} strokeWidth="4.500" />
      <path d="M18 14h6M25 14h6M32 14h6" stroke={I} strokeWidth="4" strokeLinecap="round" />
      <path d="M3 22v12" stroke={I} strokeWidth="4" strokeLinecap="round" />
    </>
  ),
  violin: (
    <>
      <path d="M28 4h8v26h-8z" fill={I} />
      <circle cx="32" cy="5" r="4.500" fill={A} />
      <path d="M32 22c9 0 14 4 14 9 0 4-4 4-4 7s6 4 6 11-7 12-16 12-16-5-16-12 6-8 6-11-4-3-4-7c0-5 5-9 14-9z" fill={S} />
      <path d="M24 40c-2 3 2 5 0 9M40 40c2 3-2 5 0 9" stroke={P} strokeWidth="2.500" strokeLinecap="round" />
      <path d="M27 47h10" stroke={I} strokeWidth="3" strokeLinecap="round" />
      <path d="M30 10v44M34 10v44" stroke={P} strokeWidth="1.200" />
      <path d="M54 8L60 60" stroke={A} strokeWidth="3.500" strokeLinecap="round" />
    </>
  ),
  star: (
    <>
      <polygon points={STAR} fill={S} stroke={S} strokeWidth="4" strokeLinejoin="round" />
      <circle cx="32" cy="34" r="9" fill={A} />
      <circle cx="32" cy="34" r="4" fill={P} />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type Picture = keyof typeof DRAWINGS;

/** The twelve pictures that a child's password is made of, by the names that the API has for them. */
export const PICTURES = Object.keys(DRAWINGS) as Picture[];

/** One of the pictures; decoration, the button that holds it says its name. */
export function PictureDrawing({ name, className }: { name: Picture; className?: string }) {
  return (
    <svg viewBox="0 0 64 64" className={className} aria-hidden="true" fill="none">
      {DRAWINGS[name]}
    </svg>
  );
}
