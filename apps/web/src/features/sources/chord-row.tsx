import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Facts } from "@/api/types";
import { formatChord, formatNumeral } from "@/lib/music-names";
import { useSettings } from "@/lib/settings";
import { chordBars, sectionColours } from "./facts";

interface ChordRowProps {
  facts: Facts;
  /** The index of the bar that sounds; less than 0 when none does. */
  bar: number;
}

/** The chords of a piece as on a lead sheet, bar after bar, with their place in the key; scrolls sideways, and along with the music. */
export function ChordRow({ facts, bar }: ChordRowProps) {
  const { t } = useTranslation();
  const names = useSettings((state) => state.noteNames);
  const row = useRef<HTMLDivElement>(null);
  const bars = chordBars(facts);
  const colours = sectionColours(facts.sections);

  useEffect(() => {
    const view = row.current;
    const cell = view?.querySelectorAll<HTMLElement>("li")[bar];
    if (!view || !cell) return;
    const outside = cell.offsetLeft < view.scrollLeft || cell.offsetLeft + cell.offsetWidth > view.scrollLeft + view.clientWidth;
    if (outside) view.scrollTo({ left: cell.offsetLeft - 8, behavior: "smooth" });
  }, [bar]);

  if (facts.chords.length === 0) return <p className="text-muted">{t("sources.card.noChords")}</p>;
  return (
    <div>
      <p className="eyebrow mb-1">{facts.chords_printed ? t("sources.card.chordsPrinted") : t("sources.card.chordsFound")}</p>
      <div ref={row} role="region" tabIndex={0} aria-label={t("sources.card.chords", { title: facts.title })} className="relative overflow-x-auto rounded-lg border border-line">
        <ol className="flex w-max">
          {bars.map((cell, i) => (
            <li
              key={cell.number}
              className={`grid min-w-16 content-start gap-x-3 border-t-4 border-r border-r-line px-2 pb-1 ${i === bar ? "bg-signal-soft" : ""}`}
              style={{ borderTopColor: colours[cell.section]?.colour ?? "var(--line)" }}
            >
              <span className="nums text-xs text-muted">{cell.number}</span>
              <span className="flex gap-3">
                {cell.chords.map((chord, at) => (
                  <span key={at} className="grid leading-tight">
                    <span className={`whitespace-nowrap text-lg ${cell.held ? "text-muted" : "font-bold"}`}>{formatChord(chord.symbol, names)}</span>
                    <span className="whitespace-nowrap text-sm text-muted">{cell.held ? "\u00a0" : formatNumeral(chord.numeral)}</span>
                  </span>
                ))}
              </span>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}
