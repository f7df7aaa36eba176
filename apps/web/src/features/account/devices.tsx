import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { endOtherSessions, endSession, sessionsQuery } from "@/api/account";
import type { DeviceSession } from "@/api/account-types";
import { useProblemText } from "@/api/problem-text";
import { formatAgo, formatDate } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { useNow } from "@/lib/use-now";
import { Ask } from "@/ui/ask";
import { Icon } from "@/ui/icons";
import { Loaded } from "@/ui/loaded";
import { Badge, PageHead } from "@/ui/page";
import { useToasts } from "@/ui/toasts";

/** Where one is signed in, and a press to be so no longer. */
export function Devices() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const toast = useToasts((state) => state.add);
  const others = sessions.data?.some((session) => !session.current) ?? false;
  return (
    <>
      <PageHead title={t("account.devices")} lead={t("account.devicesLead")}>
        {others && (
          <Ask
            title={t("account.endOthers")}
            text={t("account.endOthersText")}
            action={t("account.endOthers")}
            run={async () => {
              await endOtherSessions();
              toast({ text: t("account.othersEnded"), life: 5000 });
              await queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
            }}
            trigger={
              <button type="button" className="btn">
                <Icon name="leave" />
                {t("account.endOthers")}
              </button>
            }
          />
        )}
      </PageHead>
      <Loaded query={sessions} waiting={t("account.lookingDevices")}>
        {(list) => (
          <ul className="max-w-3xl divide-y divide-line border-y border-line">
            {list
              .toSorted((a, b) => Number(b.current) - Number(a.current))
              .map((session) => (
                <Device key={session.id} session={session} />
              ))}
          </ul>
        )}
      </Loaded>
    </>
  );
}

function Device({ session }: { session: DeviceSession }) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const language = useSettings((state) => state.language);
  const now = useNow();
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const end = () =>
    endSession(session.id).then(
      () => {
        toast({ text: t("account.deviceEnded", { name: session.device }), life: 5000 });
        return queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
      },
      (error: unknown) => toast({ text: explain(error) }),
    );
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-2 py-3 sm:grid-cols-[auto_minmax(0,1fr)_auto]">
      <Icon name="device" className="size-6" />
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-3">
          <strong className="wrap-anywhere">{session.device || t("account.unknownDevice")}</strong>
          {session.current && <Badge tone="good">{t("account.thisOne")}</Badge>}
        </p>
        <p className="text-sm text-muted">
          {t("account.lastUsed", { when: formatAgo(session.last_used_at, now, language) })} · {t("account.since", { day: formatDate(session.created_at, language) })}
          {session.address ? ` · ${session.address}` : ""}
        </p>
      </div>
      {!session.current && (
        <button type="button" className="btn max-sm:col-start-2 max-sm:justify-self-start" onClick={() => void end()}>
          {t("session.signOut")}
        </button>
      )}
    </li>
  );
}
