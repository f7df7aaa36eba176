import { useTranslation } from "react-i18next";
import type { TeachingGuide, Text } from "@/api/types";
import { useSettings } from "@/lib/settings";
import { useStudio } from "./state";

/** A heading with a list under it. */
function Entries({ heading, entries }: { heading: string; entries: readonly Text[] }) {
  const language = useSettings((state) => state.language);
  if (entries.length === 0) return null;
  return (
    <section className="print-whole">
      <h3 className="mb-1 text-lg">{heading}</h3>
      <ul className="list-disc pl-5">
        {entries.map((entry) => (
          <li key={entry.en}>{entry[language]}</li>
        ))}
      </ul>
    </section>
  );
}

/** What the class can do at the end of the lesson. */
export function PlanObjectives() {
  const { t } = useTranslation();
  const { objectives } = useStudio((state) => state.mashup.educational_content);
  return <Entries heading={t("plan.objectives")} entries={objectives} />;
}

/** What the plan has beside its steps: materials, questions, help for different learners, the rubric. */
export function PlanRest({ guide }: { guide: TeachingGuide }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const { rubric } = useStudio((state) => state.mashup.learning_assessment);
  const lists: [string, readonly Text[]][] = [
    [t("plan.materials"), guide.materials],
    [t("plan.discussion"), guide.discussion_questions],
    [t("plan.activities"), guide.activities],
    [t("plan.differentiation"), guide.differentiation],
    [t("plan.extension"), guide.extension],
    [t("plan.sensitivity"), guide.cultural_sensitivity],
  ];
  return (
    <>
      {lists.map(([heading, entries]) => (
        <Entries key={heading} heading={heading} entries={entries} />
      ))}
      {rubric.length > 0 && (
        <section className="print-whole">
          <h3 className="mb-1 text-lg">{t("plan.rubric")}</h3>
          <table className="w-full border-collapse text-left text-sm max-sm:block">
            <tbody className="max-sm:block">
              {rubric.map((row) => (
                <tr key={row.criterion.en} className="border-t border-line align-top max-sm:block max-sm:py-2">
                  <th scope="row" className="py-2 pr-3 max-sm:block max-sm:py-0">
                    {row.criterion[language]}
                  </th>
                  {row.levels.map((level) => (
                    <td key={level.en} className="py-2 pr-3 max-sm:block max-sm:py-0.5 max-sm:pl-3">
                      {level[language]}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
