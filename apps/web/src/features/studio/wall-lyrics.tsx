import { Dialog } from "radix-ui";
import { useTranslation } from "react-i18next";
import { useSettings } from "@/lib/settings";
import { formatChord } from "@/lib/music-names";
import { Icon } from "@/ui/icons";
import { Syllables, useCuedLines, useSung } from "./lyric-line";
import { usePlayhead } from "./playhead";
import { chordAt } from "./sounding";
import { useStudio } from "./state";

/** As large as a line may be so that it takes two rows at most: a letter of this type is about 0.56 of its size wide. */
function wallSize(text: string): string {
  return `clamp(2.2rem, min(8vw, ${Math.round(290 / Math.max(1, text.length) * 10) / 10}vw), 10rem)`;
}

/** The words as large as the wall: the line being sung, the one before it and the two that come. */
export function WallLyrics() {
  const { t } = useTranslation();
  const set = useStudio((state) => state.set);
  const toggle = useStudio((state) => state.toggle);
  const status = useStudio((state) => state.status);
  const mashup = useStudio((state) => state.mashup);
  const names = useSettings((state) => state.noteNames);
  const lines = useCuedLines();
  const { line, sung } = useSung(lines);
  const chord = mashup.score.chords[usePlayhead((position) => chordAt(mashup, position))];
  const shown = line < 0 ? [] : [line - 1, line, line + 1, line + 2];
  return (
    <Dialog.Root open onOpenChange={(open) => set({ wall: open })}>
      <Dialog.Portal>
        <Dialog.Content aria-describedby={undefined} className="no-print fixed inset-0 z-50 flex flex-col bg-paper p-4 sm:p-10">
          <div className="flex items-center gap-3">
            <Dialog.Title className="mr-auto truncate text-xl text-muted">{mashup.title}</Dialog.Title>
            <span className="display nums min-w-24 whitespace-nowrap text-right text-2xl sm:text-5xl font-black text-accent" aria-label={t("transport.chord")} role="img">
              {chord ? formatChord(chord.symbol, names) : ""}
            </span>
            <button type="button" className="btn btn-solid btn-icon" aria-label={status === "playing" ? t("transport.pause") : t("transport.play")} onClick={toggle}>
              <Icon name={status === "playing" ? "pause" : "play"} />
            </button>
            <Dialog.Close className="btn btn-icon" aria-label={t("app.close")}>
              <Icon name="close" />
            </Dialog.Close>
          </div>
          <div className="flex flex-1 flex-col justify-center gap-[3vh] overflow-hidden" lang={mashup.lyrics.language}>
            {lines.length === 0 && <p className="display text-4xl">{t("studio.noLyrics")}</p>}
            {lines.length > 0 && shown.length === 0 && <p className="display text-4xl text-muted">{t("studio.wallEnd")}</p>}
            {shown.map((index) => {
              const cued = lines[index];
              if (!cued) return <p key={index} className="min-h-[1em]" />;
              const now = index === line;
              return (
                <p
                  key={index}
                  className={`display leading-[1.12] ${now ? "font-black" : "text-[clamp(1.3rem,3.2vw,4rem)] font-bold text-muted"}`}
                  style={now ? { fontSize: wallSize(cued.line.text) } : undefined}
                >
                  {now ? <Syllables line={cued.line} sung={sung} /> : cued.line.text}
                </p>
              );
            })}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
