import { useTranslation } from "react-i18next";
import type { DataRequest } from "@/api/account-types";
import { useNow } from "@/lib/use-now";
import { Badge, type Tone } from "@/ui/page";

const TONES: Readonly<Record<DataRequest["state"], Tone>> = { received: "accent", done: "good", refused: "plain" };
const DAY = 86_400_000;

/** Whole days until a moment; less than none when it has passed. */
export function daysLeft(iso: string, now: number): number {
  return Math.ceil((new Date(iso).getTime() - now) / DAY);
}

/** The state of a request, and, while it is open, how long there is left for it. */
export function DueBadge({ request }: { request: DataRequest }) {
  const { t } = useTranslation();
  const left = daysLeft(request.due_at, useNow());
  return (
    <>
      <Badge tone={TONES[request.state]}>{t(`data.states.${request.state}`)}</Badge>
      {request.state === "received" && (
        <Badge tone={left < 0 ? "bad" : left < 8 ? "signal" : "plain"}>{left < 0 ? t("data.overdue", { count: -left }) : t("data.left", { count: left })}</Badge>
      )}
    </>
  );
}
