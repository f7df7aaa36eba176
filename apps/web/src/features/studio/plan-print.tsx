import { useTranslation } from "react-i18next";
import { formatBars } from "@/lib/bars";
import { formatKey } from "@/lib/music-names";
import { useSettings } from "@/lib/settings";
import { useCreditLine } from "./borrowed-panel";
import { PlanObjectives, PlanRest } from "./plan-rest";
import { genreName } from "./provenance";
import { useStudio } from "./state";

/** The lesson plan on paper, as one flow of blocks, which breaks over pages where a grid would not: what any print of the studio gives, whichever tab is open. */
export function PrintedPlan() {
  const { t } = useTranslation();
  const { language, noteNames } = useSettings();
  const mashup = useStudio((state) => state.mashup);
  const guide = mashup.teaching_guide;
  const { score } = mashup;
  const creditLine = useCreditLine();
  return (
    <article className="hidden space-y-4 print:block" aria-hidden="true">
      <header className="border-b-2 pb-2">
        <h1 className="text-3xl">{mashup.title}</h1>
        <p>
          {mashup.genre_blend.map((genre) => genreName(mashup, genre.id, language)).join(" × ")} · {formatKey(score.key, language, noteNames)} ·{" "}
          {t("studio.bpm", { count: Math.round(score.tempo_bpm) })}
        </p>
        <p>
          {t("plan.heading")} · {t("plan.total", { count: guide.total_minutes })}
        </p>
        {mashup.credits.map((credit) => (
          <p key={credit.source_id}>{creditLine(credit)}</p>
        ))}
      </header>
      <PlanObjectives />
      <table className="w-full border-collapse text-left">
        <tbody>
          {guide.sequence.map((step, i) => (
            <tr key={i} className="print-whole border-t align-top">
              <th scope="row" className="w-16 py-2 pr-3 text-lg">
                {t("plan.minutes", { count: step.minutes })}
              </th>
              <td className="py-2">
                <strong>
                  {t(`plan.phases.${step.phase}` as "plan.phases.hook", { defaultValue: step.phase })}: {step.title[language]}
                </strong>
                {step.evidence && step.evidence.bars.length > 0 && (
                  <span> ({t("theory.bars", { count: step.evidence.bars.length, list: formatBars(step.evidence.bars) })})</span>
                )}
                <br />
                <em>{t("plan.teacher")}:</em> {step.teacher[language]}
                <br />
                <em>{t("plan.learners")}:</em> {step.learners[language]}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <PlanRest guide={guide} />
    </article>
  );
}
