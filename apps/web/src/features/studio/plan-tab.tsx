import { useTranslation } from "react-i18next";
import { exportPath } from "@/api/mashups";
import type { LessonStep } from "@/api/types";
import { formatBars } from "@/lib/bars";
import { useSettings } from "@/lib/settings";
import { DownloadLink } from "@/ui/download-link";
import { Icon } from "@/ui/icons";
import { PlanObjectives, PlanRest } from "./plan-rest";
import { useStudio } from "./state";

/** The lesson by the clock, with a press to play what each step needs. */
export function PlanTab() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const mashup = useStudio((state) => state.mashup);
  const guide = mashup.teaching_guide;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="w-full text-2xl">
          {t("plan.heading")} <span className="font-normal text-muted">· {t("plan.total", { count: guide.total_minutes })}</span>
        </h2>
        <button type="button" className="btn" onClick={() => window.print()}>
          <Icon name="print" />
          {t("plan.print")}
        </button>
        <DownloadLink className="btn" path={exportPath(mashup.id, "lesson", language)}>
          <Icon name="download" />
          {t("plan.pdf")}
        </DownloadLink>
      </div>
      <PlanObjectives />
      <ol className="grid">
        {guide.sequence.map((step, i) => (
          <Step key={i} step={step} start={guide.sequence.slice(0, i).reduce((sum, before) => sum + before.minutes, 0)} />
        ))}
      </ol>
      <PlanRest guide={guide} />
    </div>
  );
}

function Step({ step, start }: { step: LessonStep; start: number }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const show = useStudio((state) => state.show);
  const { evidence } = step;
  return (
    <li className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-3 border-t border-line py-3">
      <div className="nums">
        <p className="display text-2xl font-black">{step.minutes}′</p>
        <p className="text-sm text-muted">
          {start}–{start + step.minutes}
        </p>
      </div>
      <div className="grid gap-1.5">
        <h3 className="text-xl">
          <span className="eyebrow block font-text">{t(`plan.phases.${step.phase}` as "plan.phases.hook", { defaultValue: step.phase })}</span>
          {step.title[language]}
        </h3>
        <p>
          <strong>{t("plan.teacher")}:</strong> {step.teacher[language]}
        </p>
        <p>
          <strong>{t("plan.learners")}:</strong> {step.learners[language]}
        </p>
        {evidence && evidence.bars.length > 0 && (
          <button type="button" className="btn justify-self-start" onClick={() => show(evidence)}>
            <Icon name="play" className="size-4" />
            {t("theory.play", { bars: t("theory.bars", { count: evidence.bars.length, list: formatBars(evidence.bars) }) })}
          </button>
        )}
      </div>
    </li>
  );
}
