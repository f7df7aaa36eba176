import { PALETTE } from "@/design/genre-colours";
import type { Series } from "./series";
import { roundedUp } from "./series";

/** How many have a colour of their own. */
export const COLOURS = 6;
/** Of the room of a period, how much its bar takes. */
const BAR = 0.72;

export function colourOf({ name }: Series, place: number): string {
  const swatch = name === undefined ? undefined : PALETTE[place];
  return swatch ? `light-dark(${swatch.light}, ${swatch.dark})` : "var(--edge)";
}

interface ChartProps {
  label: string;
  series: readonly Series[];
  /** One for each period, as it stands under the axis. */
  periods: readonly string[];
  say: (value: number) => string;
  nameOf: (name: string | undefined) => string;
}

/** Bars that are stacked, one for each period. What they say stands in the table below them too. */
export function Chart({ label, series, periods, say, nameOf }: ChartProps) {
  const sums = periods.map((_, i) => series.reduce((sum, one) => sum + (one.values[i] ?? 0), 0));
  const top = roundedUp(Math.max(0, ...sums));
  return (
    <figure aria-label={label} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1">
      <div className="nums relative min-w-10 text-right text-sm text-muted" aria-hidden="true">
        <span className="invisible">{[top, top / 2].map(say).toSorted((a, b) => b.length - a.length)[0]}</span>
        {[top, top / 2, 0].map((value, i) => (
          <span key={value} className="absolute right-0 -translate-y-1/2" style={{ top: `${i * 50}%` }}>
            {say(value)}
          </span>
        ))}
      </div>
      <svg viewBox={`0 0 ${periods.length} 100`} preserveAspectRatio="none" className="h-[clamp(14rem,26vw,26rem)] w-full overflow-visible" aria-hidden="true">
        {[0, 50, 100].map((y) => (
          <path key={y} d={`M0 ${y}H${periods.length}`} stroke="var(--line)" strokeWidth={y === 100 ? 3 : 1.5} vectorEffect="non-scaling-stroke" />
        ))}
        {periods.map((period, i) => (
          <g key={period + String(i)}>
            {series.map((one, j) => {
              const below = series.slice(0, j).reduce((sum, other) => sum + (other.values[i] ?? 0), 0);
              const value = one.values[i] ?? 0;
              if (value <= 0) return null;
              const height = (value / top) * 100;
              return (
                <rect key={one.name ?? ""} x={i + (1 - BAR) / 2} width={BAR} y={100 - (below / top) * 100 - height} height={height} style={{ fill: colourOf(one, j) }}>
                  <title>{`${period} · ${nameOf(one.name)}: ${say(value)}`}</title>
                </rect>
              );
            })}
          </g>
        ))}
      </svg>
      <Axis periods={periods} />
    </figure>
  );
}

/** The names of the first, the middle and the last period. */
function Axis({ periods }: { periods: readonly string[] }) {
  const shown = periods.length > 2 ? [periods[0], periods[Math.floor(periods.length / 2)], periods.at(-1)] : periods;
  return (
    <div className="col-start-2 flex justify-between text-sm text-muted" aria-hidden="true">
      {shown.map((period, i) => (
        <span key={i}>{period}</span>
      ))}
    </div>
  );
}
