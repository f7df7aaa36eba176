import { useTranslation } from "react-i18next";
import { formatSeconds } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { Problem } from "./problem";

/** What went wrong and what to do about it, in the reader's language where this page knows the kind of problem. */
export function useProblemText(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  const language = useSettings((state) => state.language);
  return (error) => {
    const problem = error instanceof Problem ? error : Problem.network();
    if (problem.body.title === "waiting") return t("errors.waiting");
    if (problem.status === 0) return problem.body.title === "interrupted" ? t("errors.interrupted") : t("errors.network");
    const wait = problem.retryAfter === undefined ? "" : ` ${t("errors.retryIn", { time: formatSeconds(problem.retryAfter, language) })}`;
    const known = [problem.body.errors?.[0]?.code, problem.body.code].find((code) => code !== undefined && i18n.exists(`errors.codes.${code}`));
    if (known !== undefined) return `${t(`errors.codes.${known}` as "errors.codes.no_words")}${wait}`;
    if (problem.status >= 500) return `${t("errors.codes.internal")}${wait}`;
    const said = problem.body.errors?.[0]?.detail ?? problem.body.detail ?? problem.body.title ?? t("errors.heading");
    return `${said}${problem.body.remedy ? ` ${problem.body.remedy}` : ""}${wait}`;
  };
}
