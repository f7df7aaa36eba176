import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSettings } from "@/lib/settings";
import type { PlayNote, Timeline } from "@/player/timeline";
import { useFrames } from "./playhead";
import { originColour } from "./provenance";
import { soundingIn } from "./sounding";
import { useStudio, useStudioStore } from "./state";

/** Pixels a quarter note takes, and the least and the most that a semitone does. */
const QUARTER = 26;
const LEAST_TONE = 3;
const MOST_TONE = 14;
const LANE_GAP = 26;
const LEFT = 12;

/** Room above the first lane for the numbers of the bars. */
const RULER = 12;

interface Lane {
  part: number;
  top: number;
  height: number;
  /** How far down in the lane a pitch stands. */
  y: (pitch: number) => number;
}

/** The rows of a part: a semitone each, or for drums, whose pitches are only names, an instrument each. */
function rowsOf(notes: readonly PlayNote[], part: number, drums: boolean): { count: number; row: (pitch: number) => number } {
  const pitches = [...new Set(notes.filter((note) => note.part === part).flatMap((note) => note.pitches))].sort((a, b) => a - b);
  const [low = 60, high = 60] = [pitches[0], pitches.at(-1)];
  // Drums in steps of two rows: strokes of neighbours would touch otherwise.
  if (drums) return { count: Math.max(1, pitches.length * 2 - 1), row: (pitch) => pitches.indexOf(pitch) * 2 };
  return { count: high - low + 1, row: (pitch) => pitch - low };
}

/** The lanes of all parts, as tall as the room allows. */
function lanesOf({ notes, parts }: Pick<Timeline, "notes" | "parts">, room: number): { lanes: Lane[]; tone: number; height: number } {
  const rows = parts.map((part, i) => rowsOf(notes, i, part.program === "drums"));
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const tone = Math.min(MOST_TONE, Math.max(LEAST_TONE, (room - RULER - LANE_GAP * (parts.length + 0.5)) / Math.max(1, total)));
  let top = RULER + LANE_GAP;
  const lanes = rows.map(({ count, row }, part) => {
    const lane = { part, top, height: count * tone, y: (pitch: number) => (count - 1 - row(pitch)) * tone };
    top += lane.height + LANE_GAP;
    return lane;
  });
  return { lanes, tone, height: Math.max(top - LANE_GAP / 2, room) };
}

/** How tall an element is, now and whenever that changes. */
function useHeight(node: React.RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setHeight(Math.floor(entry?.contentRect.height ?? 0)));
    if (node.current) observer.observe(node.current);
    return () => observer.disconnect();
  }, [node]);
  return height;
}

/** The piano roll: a lane for each part, a bar for each note, coloured by the genre it came from. */
export function Roll() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const store = useStudioStore();
  const mashup = useStudio((state) => state.mashup);
  const timeline = useStudio((state) => state.timeline);
  const lit = useStudio((state) => state.lit);
  const selected = useStudio((state) => state.selected);
  const playing = useStudio((state) => state.status) === "playing";
  const scroller = useRef<HTMLDivElement>(null);
  const head = useRef<SVGLineElement>(null);
  const drawn = useRef(new Map<string, SVGGElement>());
  const before = useRef<string[]>([]);

  const room = useHeight(scroller);
  const { lanes, tone, height } = useMemo(() => lanesOf(timeline, room), [timeline, room]);
  const sounding = useMemo(() => soundingIn(timeline), [timeline]);
  const width = LEFT * 2 + timeline.end * QUARTER;

  useFrames((position) => {
    const x = LEFT + position * QUARTER;
    head.current?.setAttribute("transform", `translate(${x} 0)`);
    const now = playing ? sounding(position).map((note) => note.id) : [];
    for (const id of before.current) if (!now.includes(id)) drawn.current.get(id)?.classList.remove("is-sounding");
    for (const id of now) drawn.current.get(id)?.classList.add("is-sounding");
    before.current = now;
    const view = scroller.current;
    if (view && playing) view.scrollLeft = x - view.clientWidth * 0.3;
  });

  useEffect(() => {
    const first = timeline.bars.find((bar) => lit?.bars.includes(bar.number));
    if (first && scroller.current) scroller.current.scrollLeft = LEFT + first.start * QUARTER - 40;
  }, [lit, timeline]);

  const onClick = (event: React.MouseEvent<SVGSVGElement>) => {
    if (!(event.target instanceof Element)) return;
    const id = event.target.closest("[data-note]")?.getAttribute("data-note");
    if (id) {
      store.getState().hearNote(id);
      return;
    }
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - LEFT;
    const bar = timeline.bars.findLast((known) => known.start * QUARTER <= x);
    if (bar) store.getState().seek(bar.start);
  };

  return (
    <div ref={scroller} role="region" aria-label={t("studio.roll")} tabIndex={0} className="h-full overflow-auto bg-surface">
      <svg width={width} height={height} role="img" aria-label={t("studio.rollOf", { title: mashup.title })} onClick={onClick} className="roll block">
        {timeline.bars.map((bar) => (
          <g key={bar.number} transform={`translate(${LEFT + bar.start * QUARTER} 0)`}>
            {lit?.bars.includes(bar.number) && <rect width={bar.length * QUARTER} height={height} className="fill-signal-soft" />}
            <line y2={height} className="stroke-line" />
            <text x="4" y="14" className="fill-muted text-[0.75rem]">
              {bar.number}
            </text>
          </g>
        ))}
        {lanes.map((lane) => (
          <g key={lane.part} transform={`translate(0 ${lane.top})`}>
            <line x2={width} y1={lane.height + 3} y2={lane.height + 3} className="stroke-line" strokeDasharray="2 4" />
            {timeline.notes
              .filter((note) => note.part === lane.part)
              .map((note) => (
                <g
                  key={note.id}
                  ref={(node) => {
                    if (node) drawn.current.set(note.id, node);
                    else drawn.current.delete(note.id);
                  }}
                  data-note={note.id}
                  className={`roll-note ${lit?.notes.includes(note.id) ? "is-lit" : ""} ${selected === note.id ? "is-selected" : ""}`}
                  style={{ fill: originColour(store.getState(), note) }}
                >
                  {note.pitches.map((pitch) => (
                    <rect
                      key={pitch}
                      x={LEFT + note.at * QUARTER}
                      y={lane.y(pitch)}
                      width={Math.max(4, note.length * QUARTER - 1.5)}
                      height={Math.max(LEAST_TONE, tone - 0.5)}
                      rx="1.5"
                    />
                  ))}
                </g>
              ))}
          </g>
        ))}
        <line ref={head} y2={height} className="stroke-signal" strokeWidth="2.5" />
      </svg>
      <ul className="pointer-events-none sticky left-0 w-0" aria-hidden="true">
        {lanes.map((lane) => (
          <li key={lane.part} className="absolute left-2 w-max rounded bg-surface/85 px-1 text-sm font-bold" style={{ top: lane.top - height - 20 }}>
            {mashup.score.parts[lane.part]?.name[language]}
          </li>
        ))}
      </ul>
    </div>
  );
}
