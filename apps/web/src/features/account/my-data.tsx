import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Suspense, lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { archivePath, askRequest, myRequestsQuery } from "@/api/account";
import { type DataRequest, REQUEST_KINDS, type RequestKind } from "@/api/account-types";
import { offers } from "@/api/offers";
import { formatDay } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { DownloadLink } from "@/ui/download-link";
import { AreaField, FormFailure, SendButton } from "@/ui/form/fields";
import { useForm } from "@/ui/form/use-form";
import { Icon } from "@/ui/icons";
import { Loaded } from "@/ui/loaded";
import { Block, PageHead } from "@/ui/page";
import { useToasts } from "@/ui/toasts";
import { Assessment } from "./assessment";
import { DueBadge } from "./request-state";

const OwnUsage = lazy(async () => ({ default: (await import("./own-usage")).OwnUsage }));

/** What one may ask of the school about one's own data, and what became of what was asked. */
export function MyData() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("account.data")} lead={t("data.lead")} />
      <Asked />
      <Block title={t("data.ask")} lead={t("data.askLead")}>
        <AskForm />
      </Block>
      {offers.models && (
        <Suspense>
          <OwnUsage />
        </Suspense>
      )}
    </>
  );
}

function Asked() {
  const { t } = useTranslation();
  const requests = useInfiniteQuery({ ...myRequestsQuery, refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.items.some(isOpen)) ? 15_000 : false) });
  const list = requests.data?.pages.flatMap((page) => page.items);
  return (
    <Block title={t("data.requests")}>
      <Loaded query={{ ...requests, data: list }} waiting={t("data.looking")}>
        {(found) =>
          found.length === 0 ? (
            <p className="text-muted">{t("data.noRequests")}</p>
          ) : (
            <ul className="grid max-w-3xl gap-3">
              {found.map((request) => (
                <Request key={request.id} request={request} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {requests.hasNextPage && (
        <button type="button" className="btn mt-4" disabled={requests.isFetchingNextPage} onClick={() => void requests.fetchNextPage()}>
          {t("data.older")}
        </button>
      )}
    </Block>
  );
}

const isOpen = (request: DataRequest) => request.state === "received";

function Request({ request }: { request: DataRequest }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  return (
    <li className="card grid gap-2 p-4 sm:p-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <strong className="text-lg">{t(`data.kinds.${request.kind}`)}</strong>
        <DueBadge request={request} />
      </div>
      <p className="text-sm text-muted">
        {t("data.askedOn", { day: formatDay(request.received_at, language) })}
        {isOpen(request) ? ` · ${t("data.due", { day: formatDay(request.due_at, language) })}` : ""}
      </p>
      {request.details && <p className="border-l-4 border-line pl-3 text-muted wrap-anywhere">{request.details}</p>}
      {request.answer && (
        <p className="whitespace-pre-line wrap-anywhere">
          <strong>{t("data.answer")} </strong>
          {request.answer}
        </p>
      )}
      {request.assessment && <Assessment assessment={request.assessment} />}
      {request.archive_until && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <DownloadLink path={archivePath(request.id)} className="btn btn-solid">
            <Icon name="download" />
            {t("data.download")}
          </DownloadLink>
          <span className="text-sm text-muted">{t("data.until", { day: formatDay(request.archive_until, language) })}</span>
        </div>
      )}
    </li>
  );
}

/** What the law makes a school keep, whoever asks, and the reason for each. */
function WhatIsKept() {
  const { t } = useTranslation();
  return (
    <div className="rounded-lg border-[1.5px] border-signal bg-signal-soft p-4">
      <p className="font-bold text-signal">{t("data.erasure.heading")}</p>
      <p className="mt-1">{t("data.erasure.gone")}</p>
      <p className="mt-2">{t("data.erasure.kept")}</p>
      <ul className="mt-1 list-disc pl-5">
        {(["records", "consent", "audit"] as const).map((kept) => (
          <li key={kept}>{t(`data.erasure.${kept}`)}</li>
        ))}
      </ul>
      <p className="mt-2">{t("data.erasure.final")}</p>
    </div>
  );
}

function AskForm() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const [kind, setKind] = useState<RequestKind>("access");
  const needsWords = kind === "rectification" || kind === "objection";
  const { text, form, failure, busy, setValues } = useForm({
    initial: { details: "" },
    check: ({ details }) => (needsWords && details.trim() === "" ? { details: t("data.detailsNeeded") } : {}),
    submit: async ({ details }) => {
      await askRequest(kind, details.trim());
      setValues({ details: "" });
      toast({ text: t("data.asked"), life: 6000 });
      await queries.invalidateQueries({ queryKey: myRequestsQuery.queryKey });
      window.scrollTo({ top: 0, behavior: "smooth" });
    },
  });
  return (
    <form {...form} className="grid max-w-3xl gap-4">
      <fieldset className="grid gap-2 sm:grid-cols-2">
        <legend className="sr-only">{t("data.ask")}</legend>
        {REQUEST_KINDS.map((known) => (
          <label
            key={known}
            className="flex min-h-11 items-start gap-3 rounded-lg border-[1.5px] border-edge bg-surface px-3 py-2.5 hover:border-ink has-checked:border-ink has-checked:bg-accent-soft has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input type="radio" name="kind" className="mt-1 size-5 shrink-0 accent-accent outline-none" value={known} checked={kind === known} onChange={() => setKind(known)} />
            <span className="leading-snug">
              <span className="block font-bold">{t(`data.kinds.${known}`)}</span>
              <span className="block text-sm">{t(`data.hints.${known}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {kind === "erasure" && <WhatIsKept />}
      <AreaField {...text("details")} label={needsWords ? t("data.detailsWanted") : t("data.details")} rows={3} maxLength={4000} />
      <FormFailure text={failure} />
      <SendButton busy={busy} className="justify-self-start">
        {kind === "erasure" ? t("data.sendErasure") : t("data.send")}
      </SendButton>
    </form>
  );
}
