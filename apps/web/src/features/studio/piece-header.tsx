import { useTranslation } from "react-i18next";
import { formatKey } from "@/lib/music-names";
import { useSettings } from "@/lib/settings";
import { formatList } from "@/lib/words";
import { Sleeve } from "@/ui/sleeve";
import { DownloadsMenu } from "./downloads-menu";
import { KeepButton } from "./keep-button";
import { DeleteButton, ShareButton } from "./piece-actions";
import { TitleEditor } from "./title-editor";
import { GenreName } from "./provenance";
import { useStudio } from "./state";

/** The label of the record: title, styles, key, tempo; and what may be done with the whole piece. */
export function PieceHeader() {
  const { t } = useTranslation();
  const { language, noteNames } = useSettings();
  const mashup = useStudio((state) => state.mashup);
  const set = useStudio((state) => state.set);
  const { score } = mashup;
  const showBorrowed = () => {
    set({ tab: "listen" });
    // The tab is drawn first.
    requestAnimationFrame(() => document.getElementById("borrowed")?.scrollIntoView({ block: "start", behavior: "smooth" }));
  };
  return (
    <header className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 px-3 pb-3 sm:grid-cols-[auto_minmax(0,1fr)_auto] sm:gap-x-5 sm:px-6 lg:px-8">
      <Sleeve id={mashup.id} genres={mashup.genre_blend.map((genre) => genre.id)} className="row-span-2 size-16 rounded border border-line max-sm:hidden" />
      <div className="min-w-0 max-sm:col-span-2">
        <TitleEditor />
      </div>
      <div className="min-w-0 max-sm:col-span-2 sm:col-start-2">
        <p className="flex flex-wrap items-center gap-x-4 gap-y-0.5 max-sm:text-[0.95rem] max-sm:leading-snug">
          {mashup.genre_blend.map((genre) => (
            <GenreName key={genre.id} id={genre.id} strong />
          ))}
          <span className="text-muted">
            {formatKey(score.key, language, noteNames)} · {t("studio.meter", score.meter)} · {t("studio.bpm", { count: Math.round(score.tempo_bpm) })} ·{" "}
            {t("studio.barsCount", { count: score.bars })}
          </span>
        </p>
        {mashup.credits.length > 0 && (
          <button type="button" className="link -my-1 flex min-h-11 items-center text-left wrap-anywhere max-sm:text-[0.95rem]" onClick={showBorrowed}>
            {t("borrowed.from", { titles: formatList(mashup.credits.map((credit) => t("sources.take.title", { title: credit.title })), language) })}
          </button>
        )}
        {mashup.metadata.warnings.map((warning) => (
          <p key={warning.en} className="text-signal">
            {warning[language]}
          </p>
        ))}
        {mashup.metadata.fallback && <p className="text-signal">{t("piece.fallback")}</p>}
        <WrittenWith />
        <p className="sr-only">
          {t("studio.describe", {
            title: mashup.title,
            key: formatKey(score.key, language, noteNames),
            ...score.meter,
            bpm: Math.round(score.tempo_bpm),
            bars: score.bars,
            sections: score.sections.map((section) => section.label[language]).join(", "),
            parts: score.parts.map((part) => part.name[language]).join(", "),
          })}
        </p>
      </div>
      <div className="flex items-center gap-1.5 max-sm:col-span-2 max-sm:mt-2 sm:col-start-3 sm:row-span-2 sm:row-start-1" role="group" aria-label={t("piece.actions")}>
        {mashup.own && <KeepButton />}
        <DownloadsMenu />
        {mashup.own && <ShareButton />}
        {mashup.own && <DeleteButton />}
      </div>
    </header>
  );
}

/** Which parts of the piece a language model had a hand in, and which model; nothing where the program made it all. */
function WrittenWith() {
  const { t } = useTranslation();
  const { language } = useSettings();
  const mashup = useStudio((state) => state.mashup);
  const parts = (mashup.metadata.parts ?? []).filter((part) => part.source !== "builtin");
  const models = [...new Set(parts.map((part) => part.source))];
  return models.map((model) => {
    const names = parts.filter((part) => part.source === model).map((part) => t(`piece.made.${part.part as "lyrics"}`));
    return (
      <p key={model} className="text-muted wrap-anywhere">
        {t("piece.byModel", { model, parts: formatList(names, language) })}
      </p>
    );
  });
}
