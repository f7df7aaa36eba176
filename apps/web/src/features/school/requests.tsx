import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { DataRequest } from "@/api/account-types";
import { decide, requestsKey, requestsQuery, userQuery } from "@/api/school";
import { Assessment } from "@/features/account/assessment";
import { DueBadge } from "@/features/account/request-state";
import { formatDay } from "@/lib/format";
import { fullName } from "@/lib/initials";
import { useSettings } from "@/lib/settings";
import { AreaField, FormFailure } from "@/ui/form/fields";
import { useForm } from "@/ui/form/use-form";
import { Loaded } from "@/ui/loaded";
import { Block, PageHead } from "@/ui/page";
import { useToasts } from "@/ui/toasts";

/** What people have asked about their data, what is due first at the top. */
export function Requests() {
  const { t } = useTranslation();
  const requests = useInfiniteQuery(requestsQuery);
  const list = requests.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <PageHead title={t("school.requests")} lead={t("queue.lead")} />
      <Loaded query={{ ...requests, data: list }} waiting={t("queue.looking")}>
        {(found) => {
          const open = found.filter((request) => request.state === "received").toSorted((a, b) => a.due_at.localeCompare(b.due_at));
          const closed = found.filter((request) => request.state !== "received");
          return (
            <>
              <Block title={t("queue.open", { count: open.length })}>
                {open.length === 0 ? (
                  <p className="text-muted">{t("queue.none")}</p>
                ) : (
                  <ul className="grid max-w-4xl gap-4">
                    {open.map((request) => (
                      <OpenRequest key={request.id} request={request} />
                    ))}
                  </ul>
                )}
              </Block>
              {closed.length > 0 && (
                <Block title={t("queue.closed")}>
                  <ul className="max-w-4xl divide-y divide-line border-y border-line">
                    {closed.map((request) => (
                      <li key={request.id} className="py-3">
                        <Head request={request} />
                        {request.answer && <p className="mt-1 text-muted whitespace-pre-line wrap-anywhere">{request.answer}</p>}
                      </li>
                    ))}
                  </ul>
                </Block>
              )}
            </>
          );
        }}
      </Loaded>
      {requests.hasNextPage && (
        <button type="button" className="btn" disabled={requests.isFetchingNextPage} onClick={() => void requests.fetchNextPage()}>
          {t("school.more")}
        </button>
      )}
    </>
  );
}

function Head({ request }: { request: DataRequest }) {
  const { t } = useTranslation();
  // Somebody whose account was erased has no name any more.
  const { data: person } = useQuery(userQuery(request.person_id));
  const language = useSettings((state) => state.language);
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <strong className="text-lg">{t(`data.kinds.${request.kind}`)}</strong>
        <DueBadge request={request} />
      </div>
      <p className="text-sm text-muted">
        {person ? `${fullName(person)} · ` : ""}
        {t("data.askedOn", { day: formatDay(request.received_at, language) })}
        {request.state === "received" ? ` · ${t("data.due", { day: formatDay(request.due_at, language) })}` : ""}
      </p>
    </>
  );
}

/** A request with the answer that is to be given. What a school writes here, the person reads. */
function OpenRequest({ request }: { request: DataRequest }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const { text, form, failure, busy } = useForm({
    initial: { answer: "" },
    check: ({ answer }) => (answer.trim() ? {} : { answer: t("queue.answerNeeded") }),
    submit: async ({ answer }, pressed) => {
      await decide(request.id, pressed === "refuse" || pressed === "extend" ? pressed : "grant", answer.trim());
      toast({ text: t("queue.decided"), life: 6000 });
      await queries.invalidateQueries({ queryKey: requestsKey });
    },
  });
  return (
    <li className="card grid gap-3 p-4 sm:p-5">
      <div>
        <Head request={request} />
      </div>
      {request.details && <p className="border-l-4 border-line pl-3 wrap-anywhere">{request.details}</p>}
      {request.assessment && <Assessment assessment={request.assessment} />}
      <p className="text-sm text-muted">{t(`queue.hints.${request.kind}`)}</p>
      <form {...form} className="grid gap-3">
        <AreaField {...text("answer")} label={t("queue.answer")} rows={3} maxLength={4000} />
        <FormFailure text={failure} />
        <div className="flex flex-wrap gap-3">
          <button type="submit" value="grant" className="btn btn-solid" disabled={busy}>
            {t("queue.approve")}
          </button>
          <button type="submit" value="refuse" className="btn" disabled={busy}>
            {t("queue.refuse")}
          </button>
          <button type="submit" value="extend" className="btn" disabled={busy}>
            {t("queue.extend")}
          </button>
        </div>
      </form>
    </li>
  );
}
