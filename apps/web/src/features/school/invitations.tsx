import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { InvitationResult, Role, SentInvitation } from "@/api/account-types";
import { useProblemText } from "@/api/problem-text";
import { invitationsQuery, invite, usersKey, withdrawInvitation } from "@/api/school";
import { formatDay } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { FormFailure } from "@/ui/form/fields";
import { Icon } from "@/ui/icons";
import { Loaded } from "@/ui/loaded";
import { Badge, Block, PageHead, type Tone } from "@/ui/page";
import { useToasts } from "@/ui/toasts";
import { INVITED_ROLES, type Row, parts, readRoster } from "./roster";

/** How many invitations one request takes. */
const AT_ONCE = 500;
/** The largest list that is read, in bytes: some ten thousand rows. */
const MOST_BYTES = 1_000_000;

/** Asks people to join, many at once: the list is looked at before anything is sent, and every row tells what became of it. */
export function Invitations() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("school.invitations")} lead={t("invite.lead")} />
      <Roster />
      <Block title={t("invite.open")} lead={t("invite.openLead")}>
        <Open />
      </Block>
    </>
  );
}

function Roster() {
  const { t } = useTranslation();
  const explain = useProblemText();
  const queries = useQueryClient();
  const id = useId();
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [role, setRole] = useState<Role>("student");
  const [results, setResults] = useState<InvitationResult[]>();
  const [failure, setFailure] = useState<string>();
  const [sent, setSent] = useState<number>();
  const rows = readRoster(text, role);
  const good = rows.filter((row) => row.trouble === undefined);

  const take = async (file: File | undefined) => {
    if (!file) return;
    setFailure(file.size > MOST_BYTES ? t("invite.tooLarge") : undefined);
    if (file.size <= MOST_BYTES) setText(await file.text());
    if (picker.current) picker.current.value = "";
  };
  const send = async () => {
    setFailure(undefined);
    const told: InvitationResult[] = [];
    try {
      for (const part of parts(good, AT_ONCE)) {
        setSent(told.length);
        told.push(...(await invite(part.map(({ email, role: wanted, given_name, family_name }) => ({ email, role: wanted, ...(given_name ? { given_name } : {}), ...(family_name ? { family_name } : {}) })))));
      }
      setText("");
    } catch (error) {
      setFailure(explain(error));
    } finally {
      setSent(undefined);
      if (told.length > 0) setResults(told);
      await queries.invalidateQueries({ queryKey: invitationsQuery.queryKey });
      await queries.invalidateQueries({ queryKey: usersKey });
    }
  };

  return (
    <div className="mb-10 grid max-w-4xl gap-4">
      <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_14rem]">
        <div className="grid gap-1">
          <label htmlFor={id} className="font-bold">
            {t("invite.list")}
          </label>
          <textarea id={id} className="field resize-y font-mono text-[0.95rem]" rows={6} value={text} placeholder={t("invite.example")} aria-describedby={`${id}-hint`} onChange={(event) => setText(event.target.value)} />
          <p id={`${id}-hint`} className="text-sm text-muted">
            {t("invite.listHint")}
          </p>
        </div>
        <div className="grid content-start gap-3">
          <label className="grid gap-1">
            <span className="font-bold">{t("invite.role")}</span>
            <select className="field font-semibold" value={role} onChange={(event) => setRole(event.target.value as Role)}>
              {INVITED_ROLES.map((value) => (
                <option key={value} value={value}>
                  {t(`session.roles.${value}`)}
                </option>
              ))}
            </select>
            <span className="text-sm text-muted">{t("invite.roleHint")}</span>
          </label>
          <input ref={picker} type="file" accept=".csv,.tsv,.txt,text/csv,text/plain" className="hidden" tabIndex={-1} aria-hidden="true" onChange={(event) => void take(event.target.files?.[0])} />
          <button type="button" className="btn" onClick={() => picker.current?.click()}>
            <Icon name="file" />
            {t("invite.file")}
          </button>
        </div>
      </div>
      {rows.length > 0 && <Preview rows={rows} />}
      <FormFailure text={failure} />
      <button type="button" className="btn btn-solid min-h-12 justify-self-start px-6 text-lg" disabled={good.length === 0 || sent !== undefined} onClick={() => void send()}>
        <Icon name="letter" />
        {sent === undefined ? t("invite.send", { count: good.length }) : t("invite.sending", { done: sent, all: good.length })}
      </button>
      {results && <Results results={results} />}
    </div>
  );
}

/** What was understood of the list, before anything is sent. */
function Preview({ rows }: { rows: readonly Row[] }) {
  const { t } = useTranslation();
  const wrong = rows.filter((row) => row.trouble !== undefined).length;
  return (
    <div className="grid gap-2">
      <p role="status" className="font-semibold">
        {t("invite.understood", { count: rows.length - wrong })} {wrong > 0 && <span className="text-bad">{t("invite.wrong", { count: wrong })}</span>}
      </p>
      <div className="max-h-80 overflow-auto rounded-xl border border-line bg-surface" tabIndex={0} role="region" aria-label={t("invite.list")}>
        <table className="w-full text-left text-[0.95rem]">
          <thead className="sticky top-0 bg-sunken">
            <tr>
              {(["line", "email", "name", "role"] as const).map((column) => (
                <th key={column} scope="col" className="px-3 py-2 font-bold">
                  {t(`invite.columns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.line} className={`border-t border-line ${row.trouble ? "bg-bad-soft" : ""}`}>
                <td className="nums px-3 py-1.5 text-muted">{row.line}</td>
                <td className="px-3 py-1.5 wrap-anywhere">
                  {row.email}
                  {row.trouble && <strong className="block text-sm text-bad">{t(`invite.troubles.${row.trouble}`)}</strong>}
                </td>
                <td className="px-3 py-1.5">{[row.given_name, row.family_name].filter(Boolean).join(" ")}</td>
                <td className="px-3 py-1.5">{t(`session.roles.${row.role}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const RESULT_TONES: Readonly<Record<InvitationResult["status"], Tone>> = { invited: "good", already_member: "plain", already_invited: "plain", invalid: "bad" };

/** What became of each row. Those that went well are many and short, so that the others stand first. */
function Results({ results }: { results: readonly InvitationResult[] }) {
  const { t } = useTranslation();
  const order = ["invalid", "already_invited", "already_member", "invited"];
  const sorted = results.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const invited = results.filter((result) => result.status === "invited").length;
  return (
    <section className="card p-4" aria-live="polite">
      <h2 className="text-xl">{t("invite.sentCount", { count: invited })}</h2>
      <ul className="mt-2 grid max-h-80 gap-1 overflow-auto" tabIndex={0}>
        {sorted.map((result, i) => (
          <li key={i} className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
            <Badge tone={RESULT_TONES[result.status]}>{t(`invite.results.${result.status}`)}</Badge>
            <span className="wrap-anywhere">{result.email}</span>
            {result.detail && <span className="text-sm text-muted">{result.detail}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Open() {
  const { t } = useTranslation();
  const open = useInfiniteQuery(invitationsQuery);
  const list = open.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <Loaded query={{ ...open, data: list }} waiting={t("invite.looking")}>
        {(found) =>
          found.length === 0 ? (
            <p className="text-muted">{t("invite.none")}</p>
          ) : (
            <ul className="max-w-4xl divide-y divide-line border-y border-line">
              {found.map((invitation) => (
                <OpenRow key={invitation.id} invitation={invitation} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {open.hasNextPage && (
        <button type="button" className="btn mt-4" disabled={open.isFetchingNextPage} onClick={() => void open.fetchNextPage()}>
          {t("school.more")}
        </button>
      )}
    </>
  );
}

function OpenRow({ invitation }: { invitation: SentInvitation }) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const language = useSettings((state) => state.language);
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const withdraw = () =>
    withdrawInvitation(invitation.id).then(
      () => {
        toast({ text: t("invite.withdrawn", { email: invitation.email }), life: 5000 });
        return queries.invalidateQueries({ queryKey: invitationsQuery.queryKey });
      },
      (error: unknown) => toast({ text: explain(error) }),
    );
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
      <span className="mr-auto min-w-0">
        <strong className="block wrap-anywhere">{invitation.email}</strong>
        <span className="text-sm text-muted">
          {t(`session.roles.${invitation.role}`)} · {t("invite.until", { day: formatDay(invitation.expires_at, language) })}
        </span>
      </span>
      <button type="button" className="btn" aria-label={t("invite.withdrawOf", { email: invitation.email })} onClick={() => void withdraw()}>
        {t("invite.withdraw")}
      </button>
    </li>
  );
}
