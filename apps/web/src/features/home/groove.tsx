const LINES = 5;
const GAP = 22;
const [CX, CY, RADIUS] = [760, 330, 250];

/** One staff line that runs in from the left and becomes a groove of the record. */
function line(i: number): string {
  const r = RADIUS - i * GAP;
  const y = CY - r;
  return `M -900 ${y} H ${CX} A ${r} ${r} 0 1 1 ${CX - 0.01} ${y}`;
}

function inner(): number[] {
  return Array.from({ length: 4 }, (_, i) => RADIUS - LINES * GAP - 8 - i * 12);
}

/** The picture of the whole idea: a staff whose five lines turn into the grooves of a record. Decoration only. */
export function Groove({ spinning }: { spinning: boolean }) {
  return (
    <svg viewBox="0 0 1020 600" className="pointer-events-none h-full w-full overflow-visible" aria-hidden="true" fill="none" preserveAspectRatio="xMaxYMid meet">
      <g stroke="var(--ink)" strokeWidth="2">
        {Array.from({ length: LINES }, (_, i) => (
          <path key={i} d={line(i)} className="groove-line" pathLength={1} style={{ animationDelay: `${i * 70}ms` }} />
        ))}
      </g>
      <g className={spinning ? "groove-spin" : ""} style={{ transformOrigin: `${CX}px ${CY}px` }}>
        {inner().map((r) => (
          <circle key={r} cx={CX} cy={CY} r={r} stroke="var(--line)" strokeWidth="1.5" />
        ))}
        <circle cx={CX - 26} cy={CY} r="66" fill="var(--accent)" className="mix-blend-multiply dark-screen" />
        <circle cx={CX + 26} cy={CY} r="66" fill="var(--signal)" className="mix-blend-multiply dark-screen" />
        <circle cx={CX} cy={CY} r="9" fill="var(--paper)" />
      </g>
      <g fill="var(--ink)">
        <Note x={140} step={4} />
        <Note x={236} step={6} />
        <Note x={332} step={3} />
        <Note x={470} step={7} />
        <Note x={566} step={5} colour="var(--signal)" />
      </g>
    </svg>
  );
}

/** A crotchet on the staff; `step` counts half spaces up from the bottom line. */
function Note({ x, step, colour = "var(--ink)" }: { x: number; step: number; colour?: string }) {
  const y = CY - RADIUS + (LINES - 1) * GAP - (step * GAP) / 2;
  return (
    <g fill={colour} stroke={colour}>
      <ellipse cx={x} cy={y} rx="14" ry="9.5" transform={`rotate(-22 ${x} ${y})`} stroke="none" />
      <path d={`M ${x + 12.5} ${y - 4} v -70`} strokeWidth="3.4" />
    </g>
  );
}
