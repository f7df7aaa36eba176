import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { LyricLine } from "@/api/types";
import { usePlayhead } from "./playhead";
import { type CuedLine, cueLines, lineAt, sungOf } from "./sounding";
import { useStudio } from "./state";

export function useCuedLines(): CuedLine[] {
  const mashup = useStudio((state) => state.mashup);
  const timeline = useStudio((state) => state.timeline);
  return useMemo(() => cueLines(mashup, timeline), [mashup, timeline]);
}

/** The index of the line to show and how many of its syllables were sung. */
export function useSung(lines: readonly CuedLine[]): { line: number; sung: number } {
  const packed = usePlayhead((position) => {
    const line = lineAt(lines, position);
    const cued = lines[line];
    return line * 1000 + (cued ? sungOf(cued, position) : 0);
  });
  return packed < 0 ? { line: -1, sung: 0 } : { line: Math.floor(packed / 1000), sung: packed % 1000 };
}

/** A line whose syllables light up as they are sung. */
export function Syllables({ line, sung }: { line: LyricLine; sung: number }) {
  return (
    <span>
      {line.syllables.map((syllable, i) => (
        <span key={i} className={i < sung ? (i === sung - 1 ? "text-signal" : "") : "text-muted"}>
          {syllable.text}
          {syllable.ends_word && i < line.syllables.length - 1 ? " " : ""}
        </span>
      ))}
    </span>
  );
}

/** The words under the picture, one line at a time. */
export function LyricLineView() {
  const { t } = useTranslation();
  const lines = useCuedLines();
  const { line, sung } = useSung(lines);
  const cued = lines[line];
  if (lines.length === 0) return <p className="text-muted">{t("studio.noLyrics")}</p>;
  return (
    <p className="display line-clamp-2 min-h-[1.3em] text-[clamp(1.15rem,0.85rem+0.75vw,1.9rem)] leading-tight font-bold" aria-hidden="true">
      {cued ? <Syllables line={cued.line} sung={sung} /> : "\u00a0"}
    </p>
  );
}
