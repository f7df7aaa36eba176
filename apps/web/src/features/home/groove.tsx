const LINES = 5;
const GAP = 22;
const RADIUS = 250;

interface Place {
  cx: number;
  cy: number;
  /** 1 where the staff runs under the record, -1 where it runs over it. */
  side: 1 | -1;
}

/** One staff line that runs in from the left and becomes a groove of the record. */
function line({ cx, cy, side }: Place, i: number): string {
  const r = RADIUS - i * GAP;
  const y = cy + side * r;
  return `M -40 ${y} H ${cx} A ${r} ${r} 0 1 ${side === 1 ? 0 : 1} ${cx - 0.01} ${y}`;
}

/** A crotchet on the staff; `step` counts half spaces up from the bottom line. */
function Note({ x, bottom, step, colour = "var(--ink)" }: { x: number; bottom: number; step: number; colour?: string }) {
  const y = bottom - (step * GAP) / 2;
  return (
    <g fill={colour} stroke={colour}>
      <ellipse cx={x} cy={y} rx="14" ry="9.5" transform={`rotate(-22 ${x} ${y})`} stroke="none" />
      <path d={`M ${x + 12.5} ${y - 4} v -70`} strokeWidth="3.4" />
    </g>
  );
}

function Record({ place, spinning }: { place: Place; spinning: boolean }) {
  const { cx, cy } = place;
  const grooves = Array.from({ length: 4 }, (_, i) => RADIUS - LINES * GAP - 8 - i * 12);
  return (
    <>
      <g stroke="var(--ink)" strokeWidth="2">
        {Array.from({ length: LINES }, (_, i) => (
          <path key={i} d={line(place, i)} className="groove-line" pathLength={1} style={{ animationDelay: `${i * 70}ms` }} />
        ))}
      </g>
      <g className={spinning ? "groove-spin" : ""} style={{ transformOrigin: `${cx}px ${cy}px` }}>
        {grooves.map((r) => (
          <circle key={r} cx={cx} cy={cy} r={r} stroke="var(--line)" strokeWidth="1.5" />
        ))}
        <circle cx={cx - 30} cy={cy} r="68" fill="var(--accent)" className="mix-blend-multiply dark-screen" />
        <circle cx={cx + 30} cy={cy} r="68" fill="var(--signal)" className="mix-blend-multiply dark-screen" />
        <circle cx={cx} cy={cy} r="9" fill="var(--paper)" />
      </g>
    </>
  );
}

/**
 * The picture of the whole idea: what is typed leaves its card as five staff lines and becomes the grooves of a record.
 * Decoration only. It hangs on the right edge of the card, from its foot up or, `hanging`, from its head down.
 */
export function Groove({ spinning, hanging = false }: { spinning: boolean; hanging?: boolean }) {
  const place: Place = { cx: 370, cy: 252, side: hanging ? -1 : 1 };
  const bottom = hanging ? place.cy - RADIUS + (LINES - 1) * GAP : place.cy + RADIUS;
  return (
    <svg viewBox="0 0 640 504" className="h-full w-auto overflow-visible" aria-hidden="true" fill="none">
      <Record place={place} spinning={spinning} />
      <Note x={70} bottom={bottom} step={3} />
      <Note x={150} bottom={bottom} step={5} />
      <Note x={230} bottom={bottom} step={4} colour="var(--signal)" />
    </svg>
  );
}

/** The same picture as a band, for screens that have no room beside the card. */
export function GrooveBand({ spinning }: { spinning: boolean }) {
  const place: Place = { cx: 760, cy: 330, side: -1 };
  const bottom = place.cy - RADIUS + (LINES - 1) * GAP;
  return (
    <svg viewBox="0 0 1020 230" className="h-auto w-full overflow-hidden" aria-hidden="true" fill="none">
      <Record place={place} spinning={spinning} />
      {[3, 5, 4, 6, 2].map((step, i) => (
        <Note key={step} x={90 + i * 105} bottom={bottom} step={step} {...(i === 4 ? { colour: "var(--signal)" } : {})} />
      ))}
    </svg>
  );
}
