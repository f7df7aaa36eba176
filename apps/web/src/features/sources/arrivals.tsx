import { useTranslation } from "react-i18next";
import { useProblemText } from "@/api/problem-text";
import type { Problem } from "@/api/problem";
import { useSettings } from "@/lib/settings";
import { Icon } from "@/ui/icons";
import { type Arrival, type Refused, useDesk } from "./desk";
import { formatBytes } from "./files";

const KNOWN = ["unreadable", "no_notes", "nothing_to_borrow", "required", "body_too_large", "too_many_sources", "source_is_there"] as const;

/** What went wrong with a file, and what to do; `details` are the reader's own words, which are English. */
export function useRefusalText(): (problem: Problem) => { text: string; details?: string } {
  const { t } = useTranslation();
  const describe = useProblemText();
  return (problem) => {
    const fault = problem.body.errors?.[0];
    if (fault?.field === "tune") return { text: t("sources.refused.tune") };
    const codes = [fault?.code, problem.body.code, problem.status === 413 ? "body_too_large" : undefined];
    const code = KNOWN.find((known) => codes.includes(known));
    if (code === undefined) return { text: describe(problem) };
    const detail = code === "unreadable" ? fault?.detail : undefined;
    return { text: t(`sources.refused.${code}`), ...(detail ? { details: detail } : {}) };
  };
}

/** Worth sending again as it is: nobody answered, or the program had its hands full. */
function passing(problem: Problem): boolean {
  return problem.status === 0 || problem.status === 429 || problem.status >= 500;
}

/** Files on their way, and files that did not arrive, each with what to do. */
export function Arrivals({ onRetry }: { onRetry: (key: number) => void }) {
  const arrivals = useDesk((state) => state.arrivals);
  const refused = useDesk((state) => state.refused);
  if (arrivals.length + refused.length === 0) return null;
  return (
    <ul className="grid gap-2">
      {refused.map((file) => (
        <Unfit key={file.key} file={file} />
      ))}
      {arrivals.map((arrival) => (arrival.phase === "failed" ? <Failed key={arrival.key} arrival={arrival} onRetry={onRetry} /> : <UnderWay key={arrival.key} arrival={arrival} />))}
    </ul>
  );
}

function Dismiss({ id, name }: { id: number; name: string }) {
  const { t } = useTranslation();
  const dismiss = useDesk((state) => state.dismiss);
  return (
    <button type="button" className="btn btn-quiet btn-icon -mr-2 -mt-1.5" aria-label={t("sources.dismiss", { name })} onClick={() => dismiss(id)}>
      <Icon name="close" className="size-4" />
    </button>
  );
}

const TROUBLED = "flex items-start gap-3 rounded-lg bg-bad-soft px-4 py-2.5";

function Unfit({ file }: { file: Refused }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  return (
    <li role="alert" className={TROUBLED}>
      <div className="mr-auto min-w-0">
        <p className="truncate font-bold">{file.name}</p>
        <p>{t(`sources.trouble.${file.trouble}`, { size: formatBytes(file.bytes, language) })}</p>
      </div>
      <Dismiss id={file.key} name={file.name} />
    </li>
  );
}

function Failed({ arrival, onRetry }: { arrival: Arrival; onRetry: (key: number) => void }) {
  const { t } = useTranslation();
  const askAgain = useDesk((state) => state.askAgain);
  const explain = useRefusalText();
  const { problem, file, key } = arrival;
  const { text, details } = problem ? explain(problem) : { text: t("errors.heading") };
  return (
    <li role="alert" className={TROUBLED}>
      <div className="mr-auto grid min-w-0 gap-1">
        <p className="truncate font-bold">{file.name}</p>
        <p>{text}</p>
        {details && (
          <details className="group">
            <summary className="flex min-h-11 items-center gap-2 font-semibold">
              <Icon name="down" className="size-4 transition-transform group-open:rotate-180" />
              {t("sources.details")}
            </summary>
            <p lang="en" className="wrap-anywhere">{details}</p>
          </details>
        )}
        {problem && passing(problem) && (
          <button type="button" className="btn justify-self-start" onClick={() => onRetry(key)}>
            {t("sources.again")}
          </button>
        )}
        {problem?.field === "credit" && (
          <button type="button" className="btn justify-self-start" onClick={() => askAgain(key)}>
            {t("sources.answerAgain")}
          </button>
        )}
      </div>
      <Dismiss id={key} name={file.name} />
    </li>
  );
}

function UnderWay({ arrival }: { arrival: Arrival }) {
  const { t } = useTranslation();
  const dismiss = useDesk((state) => state.dismiss);
  const { key, phase, share, file } = arrival;
  const said = phase === "sending" ? t("sources.sending", { name: file.name }) : t("sources.reading", { name: file.name });
  return (
    <li className="flex items-center gap-3 rounded-lg border border-line bg-surface px-4 py-1.5">
      <span className="step-pulse size-3.5 shrink-0 rounded-full bg-signal" aria-hidden="true" />
      <span className="min-w-0 flex-1">
        <span role="status" className="block truncate font-semibold">
          {said}
        </span>
        <progress className="upload block h-1.5 w-full" aria-label={said} max={1} {...(phase === "sending" ? { value: share } : { value: 1 })} />
      </span>
      <button type="button" className="btn btn-quiet btn-icon -mr-2" aria-label={t("sources.stop", { name: file.name })} onClick={() => dismiss(key)}>
        <Icon name="close" className="size-4" />
      </button>
    </li>
  );
}
