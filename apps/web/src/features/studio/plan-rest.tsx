import { useTranslation } from "react-i18next";
import type { TeachingGuide, Text } from "@/api/types";
import { useSettings } from "@/lib/settings";
import { useStudio } from "./state";

/** What the plan has beside its steps: objectives, materials, questions, help for different learners, the rubric. */
export function PlanRest({ guide }: { guide: TeachingGuide }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const { objectives } = useStudio((state) => state.mashup.educational_content);
  const { rubric } = useStudio((state) => state.mashup.learning_assessment);
  const lists: [string, readonly Text[]][] = [
    [t("plan.objectives"), objectives],
    [t("plan.materials"), guide.materials],
    [t("plan.discussion"), guide.discussion_questions],
    [t("plan.activities"), guide.activities],
    [t("plan.differentiation"), guide.differentiation],
    [t("plan.extension"), guide.extension],
    [t("plan.sensitivity"), guide.cultural_sensitivity],
  ];
  return (
    <>
      {lists
        .filter(([, entries]) => entries.length > 0)
        .map(([heading, entries]) => (
          <section key={heading} className="print-whole">
            <h3 className="mb-1 text-lg">{heading}</h3>
            <ul className="list-disc pl-5">
              {entries.map((entry) => (
                <li key={entry.en}>{entry[language]}</li>
              ))}
            </ul>
          </section>
        ))}
      {rubric.length > 0 && (
        <section className="print-whole">
          <h3 className="mb-1 text-lg">{t("plan.rubric")}</h3>
          <table className="w-full border-collapse text-left text-sm">
            <tbody>
              {rubric.map((row) => (
                <tr key={row.criterion.en} className="border-t border-line align-top">
                  <th scope="row" className="py-2 pr-3">
                    {row.criterion[language]}
                  </th>
                  {row.levels.map((level) => (
                    <td key={level.en} className="py-2 pr-3">
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
