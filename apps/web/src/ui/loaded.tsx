import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "@/api/problem-text";

interface LoadedProps<T> {
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  /** What is being fetched: "Fetching your devices". */
  waiting: string;
  children: (data: T) => ReactNode;
}

/** What was fetched; until then what is being done, and, where it failed, why and how to go on. */
export function Loaded<T>({ query, waiting, children }: LoadedProps<T>) {
  const { t } = useTranslation();
  const explain = useProblemText();
  if (query.data !== undefined) return children(query.data);
  if (!query.error)
    return (
      <p role="status" className="py-3 text-muted">
        {waiting}
      </p>
    );
  return (
    <div role="alert" className="flex flex-wrap items-center gap-4">
      <p className="rounded-lg bg-bad-soft px-4 py-2 font-semibold text-bad">{explain(query.error)}</p>
      <button type="button" className="btn" onClick={() => query.refetch()}>
        {t("errors.retry")}
      </button>
    </div>
  );
}
