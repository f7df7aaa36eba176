import { useTranslation } from "react-i18next";
import { formatSeconds, formatWait } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { Problem } from "./problem";

type Fault = NonNullable<Problem["body"]["errors"]>[number];

/** What is wrong with one field, in the reader's language where this page knows the kind of fault. */
export function useFaultText(): (fault: Fault) => string {
  const { t, i18n } = useTranslation();
  return ({ code, detail, message }) => {
    if (code !== undefined && i18n.exists(`errors.fields.${code}`)) return t(`errors.fields.${code}` as "errors.codes.no_words");
    if (code !== undefined && i18n.exists(`errors.codes.${code}`)) return t(`errors.codes.${code}` as "errors.codes.no_words");
    return detail ?? message ?? t("errors.heading");
  };
}

/** What went wrong and what to do about it, in the reader's language where this page knows the kind of problem. */
export function useProblemText(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  const explainFault = useFaultText();
  const language = useSettings((state) => state.language);
  return (error) => {
    const problem = error instanceof Problem ? error : Problem.network();
    if (problem.body.title === "waiting") return t("errors.waiting");
    if (problem.status === 0) return problem.body.title === "interrupted" ? t("errors.interrupted") : t("errors.network");
    if (problem.body.code === "session_ended") return t("session.endedCode");
    const { retryAfter } = problem;
    const time = retryAfter === undefined ? "" : retryAfter < 100 ? formatSeconds(retryAfter, language) : formatWait(retryAfter, language);
    const wait = time ? ` ${t("errors.retryIn", { time })}` : "";
    const [fault] = problem.body.errors ?? [];
    const known = [fault?.code, problem.body.code].find((code) => code !== undefined && i18n.exists(`errors.codes.${code}`));
    if (known !== undefined) return `${t(`errors.codes.${known}` as "errors.codes.no_words")}${wait}`;
    if (fault?.code !== undefined && i18n.exists(`errors.fields.${fault.code}`)) return explainFault(fault);
    if (problem.status >= 500) return `${t("errors.codes.internal")}${wait}`;
    const said = problem.body.errors?.[0]?.detail ?? problem.body.detail ?? problem.body.title ?? t("errors.heading");
    return `${said}${problem.body.remedy ? ` ${problem.body.remedy}` : ""}${wait}`;
  };
}
