import type { ReactNode } from "react";

const PATHS = {
  play: <path d="M7 4.5v15l13-7.5z" fill="currentColor" stroke="none" />,
  pause: <path d="M7 5h4v14H7zM14 5h4v14h-4z" fill="currentColor" stroke="none" />,
  stop: <path d="M6 6h12v12H6z" fill="currentColor" stroke="none" />,
  loop: <path d="M17 3l4 4-4 4M3 12V9a2 2 0 0 1 2-2h16M7 21l-4-4 4-4M21 12v3a2 2 0 0 1-2 2H3" />,
  metronome: <path d="M9 3h6l4 18H5zM12 15l6-9M7 15h10" />,
  count: <path d="M4 6h2v12M3 18h5M11 8a2.5 2.5 0 1 1 4.5 1.5L11 18h5M19 6h3l-2 4a3 3 0 1 1-2 5" />,
  gear: (
    <path d="M4 7h9m5 0h2M4 17h2m5 0h9M15.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8.5 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z" />
  ),
  search: <path d="M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L21 21" />,
  help: <path d="M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .6-1.5 1.2-1.5 2.3M12 18.5v.5" />,
  close: <path d="M5 5l14 14M19 5L5 19" />,
  down: <path d="M5 9l7 7 7-7" />,
  check: <path d="M4 13l5 5L20 6" />,
  download: <path d="M12 3v12m-5-5l5 5 5-5M4 20h16" />,
  trash: <path d="M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6" />,
  share: <path d="M12 15V3M8 7l4-4 4 4M5 11v9h14v-9" />,
  pencil: <path d="M4 20l1-5L16 4l4 4L9 19z" />,
  undo: <path d="M8 5L3 10l5 5M3 10h11a6 6 0 0 1 0 12h-3" />,
  print: <path d="M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z" />,
  wall: <path d="M3 4h18v12H3zM8 20h8M12 16v4" />,
  speaker: <path d="M4 9v6h4l5 4V5L8 9zM16.5 8.5a5 5 0 0 1 0 7" />,
  mute: <path d="M4 9v6h4l5 4V5L8 9zM17 9.500l5 5M22 9.500l-5 5" />,
  solo: <path d="M4 17v-4a8 8 0 0 1 16 0v4M4 15h3v6H4zM17 15h3v6h-3z" />,
  file: <path d="M6 3h8l5 5v13H6zM14 3v5h5M11 18.500v-6l4-1v5.500M11 18.500a1.500 1.500 0 1 1-3 0 1.500 1.500 0 0 1 3 0zM15 17a1.500 1.500 0 1 1-3 0 1.500 1.500 0 0 1 3 0z" />,
  arrow: <path d="M4 12h15m-6-6l6 6-6 6" />,
  palette: <path d="M12 3a9 9 0 1 0 0 18c2 0 2-1.500 1.500-2.500S13 16 15 16h2a4 4 0 0 0 4-4c0-5-4-9-9-9zM7.500 12.500v.01M9.500 8v.01M14.500 8v.01" />,
  score: <path d="M3 6h18M3 10h18M3 14h18M3 18h18" />,
  roll: <path d="M3 7h6M11 7h4M6 12h9M17 12h4M3 17h4M10 17h9" strokeWidth="3" />,
  keep: <path d="M6 3h12v18l-6-5-6 5z" />,
  person: <path d="M12 12a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM3.500 21a8.500 8.500 0 0 1 17 0" />,
  shield: <path d="M12 3l8 3v6c0 5-3.500 8-8 9-4.500-1-8-4-8-9V6zM8.500 12l2.500 2.500 4.500-5" />,
  school: <path d="M12 4l10 5-10 5L2 9zM6 11v6c2 2.500 10 2.500 12 0v-6M22 9v6" />,
  leave: <path d="M10 4H4v16h6M10 12h11m-4-4l4 4-4 4" />,
  key: <path d="M8 20a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM11.500 11.500L20 3m-4 4l3 3" />,
  eye: <path d="M2 12c3-5 6.500-7 10-7s7 2 10 7c-3 5-6.500 7-10 7s-7-2-10-7zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z" />,
  eyeOff: <path d="M2 12c3-5 6.500-7 10-7s7 2 10 7c-3 5-6.500 7-10 7s-7-2-10-7zM4 4l16 16" />,
  device: <path d="M4 4h16v11H4zM2 20h20" />,
  letter: <path d="M3 5h18v14H3zM3 6l9 7 9-7" />,
  plus: <path d="M12 4v16M4 12h16" />,
  dots: <path d="M5 12h.01M12 12h.01M19 12h.01" strokeWidth="3.500" />,
  back: <path d="M20 12H5m6-6l-6 6 6 6" />,
  delete: <path d="M9 5h12v14H9l-7-7zM12 9l6 6m0-6l-6 6" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

/** A drawn sign; always decoration, the button that holds it carries the name. */
export function Icon({ name, className = "size-5" }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      className={`${className} shrink-0`}
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {PATHS[name]}
    </svg>
  );
}
