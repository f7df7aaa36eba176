import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Section } from "@/api/types";
import { sectionInitials } from "@/lib/section-initials";
import { useSettings } from "@/lib/settings";
import { barAt } from "@/player/timeline";
import { useFrames, usePlayhead } from "./playhead";
import { sectionAt, useStudio, useStudioStore } from "./state";

/** How strongly a section is inked: its energy, from a tint to nearly full. */
function inked(section: Section): string {
  return `color-mix(in srgb, var(--accent) ${Math.round(12 + section.energy * 38)}%, var(--surface))`;
}

/**
 * The form of the piece in one line: each section as wide as it is long, taller and darker the more is going on. It is
 * the seek bar too: a slider over bars for the keyboard, a press anywhere for the hand.
 */
export function Ribbon() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const store = useStudioStore();
  const mashup = useStudio((state) => state.mashup);
  const timeline = useStudio((state) => state.timeline);
  const loop = useStudio((state) => state.loop);
  const lit = useStudio((state) => state.lit);
  const head = useRef<HTMLDivElement>(null);
  const index = usePlayhead((position) => timeline.bars.findLastIndex((bar) => bar.start <= position + 1e-6));
  const here = usePlayhead((position) => sectionAt(mashup, timeline, position)?.id);
  const bars = Math.max(1, timeline.bars.length);
  const bar = timeline.bars[index];

  useFrames((position) => {
    const now = barAt(timeline.bars, position);
    if (!now || !head.current) return;
    const inside = Math.min(1, (position - now.start) / now.length);
    head.current.style.left = `${((timeline.bars.indexOf(now) + inside) / bars) * 100}%`;
  });

  const seek = (to: number) => {
    const target = timeline.bars[Math.min(Math.max(0, to), bars - 1)];
    if (target) store.getState().seek(target.start);
  };
  const section = mashup.score.sections.find((known) => known.id === here);
  const initials = sectionInitials(mashup.score.sections.map((known) => known.label[language]));

  return (
    <div className="relative">
      <div
        role="slider"
        tabIndex={0}
        aria-label={t("transport.position")}
        aria-valuemin={1}
        aria-valuemax={bars}
        aria-valuenow={Math.max(1, index + 1)}
        aria-valuetext={`${t("transport.barOf", { bar: bar?.number ?? 0, bars: mashup.score.bars })}${section ? `, ${section.label[language]}` : ""}`}
        className="relative flex h-11 cursor-pointer items-end gap-px"
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          seek(Math.floor(((event.clientX - box.left) / box.width) * bars));
        }}
        onKeyDown={(event) => {
          const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 4, PageDown: -4, Home: -bars, End: bars }[event.key];
          if (step === undefined || event.shiftKey) return;
          event.preventDefault();
          // Read anew: several presses may come before the page is drawn again.
          const at = store.getState().player.position();
          seek(timeline.bars.findLastIndex((known) => known.start <= at + 1e-6) + step);
        }}
      >
        {mashup.score.sections.map((known, i) => (
          <div
            key={known.id}
            className={`@container flex min-w-0 items-center rounded-t ${loop === known.id ? "outline-3 -outline-offset-3 outline-signal" : ""}`}
            style={{ flex: known.bars, background: inked(known), height: `${52 + known.energy * 48}%` }}
          >
            <span className={`truncate pl-2 text-sm text-ink @max-[5.5rem]:hidden ${known.id === here ? "font-extrabold" : ""}`}>{known.label[language]}</span>
            <span className={`w-full text-center text-sm text-ink @min-[5.5rem]:hidden ${known.id === here ? "font-extrabold" : ""}`}>{initials[i]}</span>
          </div>
        ))}
        {lit?.bars.map((number) => {
          const at = timeline.bars.findIndex((known) => known.number === number);
          return at < 0 ? null : <span key={number} className="absolute bottom-0 h-1.5 bg-signal" style={{ left: `${(at / bars) * 100}%`, width: `${100 / bars}%` }} />;
        })}
        <div ref={head} className="pointer-events-none absolute inset-y-0 w-0.5 -translate-x-1/2 bg-signal">
          <span className="absolute -left-[5px] -top-1 size-3 rounded-full bg-signal" />
        </div>
      </div>
    </div>
  );
}
