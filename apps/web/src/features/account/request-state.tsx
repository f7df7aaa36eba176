import { useTranslation } from "react-i18next";
import type { DataRequest } from "@/api/account-types";
import { useNow } from "@/lib/use-now";
import { Badge, type Tone } from "@/ui/page";

const STATES = ["received", "open", "in_progress", "waiting", "approved", "done", "completed", "refused", "rejected"] as const;
const TONE: Readonly<Record<string, Tone>> = { done: "good", completed: "good", approved: "accent", in_progress: "accent", refused: "plain", rejected: "plain" };
const DAY = 86_400_000;

/** Whole days until a moment; less than none when it has passed. */
export function daysLeft(iso: string, now: number): number {
  return Math.ceil((new Date(iso).getTime() - now) / DAY);
}

/** The state of a request, and, while it is open, how long there is left for it. */
export function DueBadge({ request }: { request: DataRequest }) {
  const { t } = useTranslation();
  const known = STATES.find((state) => state === request.status);
  const tone = TONE[request.status];
  const left = daysLeft(request.due_at, useNow());
  const closed = tone === "good" || tone === "plain";
  return (
    <>
      <Badge tone={tone ?? "accent"}>{known ? t(`data.states.${known}`) : request.status.replaceAll("_", " ")}</Badge>
      {!closed && <Badge tone={left < 0 ? "bad" : left < 8 ? "signal" : "plain"}>{left < 0 ? t("data.overdue", { count: -left }) : t("data.left", { count: left })}</Badge>}
    </>
  );
}
