import { useTranslation } from "react-i18next";
import { formatDay, formatPercent } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { layerOf, lenderOf } from "./borrowed";
import { BorrowedPanel } from "./borrowed-panel";
import { ChangesList } from "./changes-list";
import { Hooks } from "./hooks";
import { Mixer } from "./mixer";
import { GenreName, LenderName } from "./provenance";
import { RemixPanel } from "./remix-panel";
import { useStudio } from "./state";

export function ListenTab() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const expires = useStudio((state) => state.mashup.expires_at);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      <ChangesList />
      <RemixPanel />
      <Mixer />
      <BorrowedPanel />
      <BlendTable />
      <Hooks />
      <Words />
      <Quality />
      {expires && <p className="text-sm text-muted">{t("studio.expires", { date: formatDay(expires, language) })}</p>}
    </div>
  );
}

/** Which genre leads which side of the music, and why. */
function BlendTable() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const mashup = useStudio((state) => state.mashup);
  // Nobody leads words that are not there.
  const blend = mashup.blend.filter((row) => row.dimension !== "lyrics" || mashup.lyrics.sections.length > 0);
  return (
    <section>
      <h2 className="mb-2 text-2xl">{t("listen.blend")}</h2>
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">{t("listen.blend")}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">{t("listen.dimension")}</th>
            <th scope="col">{t("listen.leads")}</th>
          </tr>
        </thead>
        <tbody>
          {blend.map((row) => {
            const lender = lenderOf(mashup, layerOf(row.dimension));
            return (
              <tr key={row.dimension} className="border-t border-line align-top">
                <th scope="row" className="whitespace-nowrap py-2 pr-4 font-bold">
                  {t(`listen.dimensions.${row.dimension}` as "listen.dimensions.form", { defaultValue: row.dimension })}
                </th>
                <td className="py-2">
                  {lender === undefined ? <GenreName id={row.genre} strong /> : <LenderName title={t("sources.take.title", { title: lender })} strong />}
                  {row.asked && <span className="text-muted"> ({t("listen.asked")})</span>}
                  <span className="block text-muted">{row.reason[language]}</span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Words() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const mashup = useStudio((state) => state.mashup);
  const { lyrics, score } = mashup;
  const lender = lenderOf(mashup, "melody");
  const sung = lyrics.sections.filter((section) => section.lines.some((line) => line.text !== ""));
  if (sung.length === 0) {
    return (
      <section>
        <h2 className="mb-2 text-2xl">{t("listen.words")}</h2>
        <p className="text-muted">{lender === undefined ? t("borrowed.noWordsPlain") : t("borrowed.noWords", { title: lender })}</p>
      </section>
    );
  }
  return (
    <section>
      <h2 className="mb-2 text-2xl">{t("listen.words")}</h2>
      <div className="grid gap-4" lang={lyrics.language}>
        {sung.map((section, i) => (
          <div key={`${section.section}-${i}`}>
            <h3 className="eyebrow mb-0.5 font-text" lang={language}>
              {score.sections.find((known) => known.id === section.section)?.label[language] ?? section.section}
            </h3>
            {section.lines.map((line, at) => (
              <p key={at} className={line.hook ? "font-bold" : ""}>
                {line.text}
              </p>
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}

/** What the validator measured. */
function Quality() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const quality = useStudio((state) => state.mashup.quality);
  return (
    <section>
      <h2 className="text-2xl">{t("listen.quality")}</h2>
      <p className="mb-2 text-muted">{t("listen.qualityLead")}</p>
      <ul className="grid grid-cols-[minmax(0,1fr)] gap-3">
        {quality.scores.map((score) => (
          <li key={score.name}>
            <div className="flex justify-between gap-3 font-bold">
              <span>{t(`listen.scores.${score.name}` as "listen.scores.singability", { defaultValue: score.name.replaceAll("_", " ") })}</span>
              <span className="nums">{formatPercent(score.value, language)}</span>
            </div>
            <div className="h-2 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
              <div className={`h-full rounded-full ${score.value >= score.threshold ? "bg-good" : "bg-signal"}`} style={{ width: `${score.value * 100}%` }} />
            </div>
            <p className="text-sm text-muted">{score.measured[language]}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
