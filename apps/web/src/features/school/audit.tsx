import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AuditEntry, AuditReport, Checkpoint } from "@/api/account-types";
import { useProblemText } from "@/api/problem-text";
import { auditQuery, verifyAudit } from "@/api/school";
import { formatDate } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { FormFailure } from "@/ui/form/fields";
import { Icon } from "@/ui/icons";
import { Loaded } from "@/ui/loaded";
import { Badge, PageHead, type Tone } from "@/ui/page";
import { Checkpoints } from "./checkpoints";
import { usePause } from "./use-pause";

const TONES: Readonly<Record<AuditEntry["outcome"], Tone>> = { done: "plain", refused: "signal", failed: "bad" };
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const PROGRAM = "00000000-0000-0000-0000-000000000000";
const FIELDS = ["action", "actor", "object"] as const;

/** Who did what, when and from where; and the proof that nobody changed what is written here. */
export function Audit() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState({ action: "", actor: "", object: "" });
  const rested = usePause(typed);
  // Half an id is nobody's: it is asked for once it is whole.
  const whole = (id: string) => (UUID.test(id) ? id : "");
  const entries = useInfiniteQuery(auditQuery({ action: rested.action, actor: whole(rested.actor), object: whole(rested.object) }));
  const only = (change: Partial<typeof typed>) => setTyped((before) => ({ ...before, ...change }));
  const list = entries.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <PageHead title={t("school.audit")} lead={t("audit.lead")} />
      <Verify />
      <div role="search" className="mb-4 grid gap-3 sm:grid-cols-3">
        {FIELDS.map((field) => (
          <label key={field} className="grid gap-0.5">
            <span className="eyebrow">{t(`audit.${field}`)}</span>
            <input type="search" className="field" value={typed[field]} placeholder={t(`audit.hints.${field}`)} onChange={(event) => setTyped((before) => ({ ...before, [field]: event.target.value.trim() }))} />
          </label>
        ))}
      </div>
      <Loaded query={{ ...entries, data: list }} waiting={t("audit.looking")}>
        {(found) =>
          found.length === 0 ? (
            <p className="border-y border-line py-6 text-muted">{t("audit.none")}</p>
          ) : (
            <ol className={`divide-y divide-line border-y border-line transition-opacity ${entries.isPlaceholderData ? "opacity-60" : ""}`}>
              {found.map((entry) => (
                <Entry key={entry.number} entry={entry} onOnly={only} />
              ))}
            </ol>
          )
        }
      </Loaded>
      {entries.hasNextPage && (
        <button type="button" className="btn mt-4" disabled={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
          {t("audit.older")}
        </button>
      )}
    </>
  );
}

interface EntryProps {
  entry: AuditEntry;
  /** Shows only what this person did, or what was done on this thing. */
  onOnly: (change: { actor?: string; object?: string }) => void;
}

function Entry({ entry, onOnly }: EntryProps) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const { object_id: object } = entry;
  const role = t(`session.roles.${entry.actor_role}` as "session.roles.teacher", { defaultValue: entry.actor_role });
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5 py-2 lg:grid-cols-[4rem_12rem_minmax(0,1fr)_minmax(0,1fr)_auto] lg:items-center">
      <span className="nums text-muted">{entry.number}</span>
      <time className="nums text-[0.95rem]" dateTime={entry.at}>
        {formatDate(entry.at, language)}
      </time>
      <div className="wrap-anywhere max-lg:col-start-2">
        <strong>{entry.action}</strong>
        {object && <Id kind={entry.object_kind ?? ""} id={object} label={t("audit.onlyObject", { id: object })} onPress={() => onOnly({ object })} />}
      </div>
      <div className="text-[0.95rem] wrap-anywhere max-lg:col-start-2">
        {entry.actor_id === PROGRAM ? role : <Id kind={role} id={entry.actor_id} label={t("audit.onlyActor", { id: entry.actor_id })} onPress={() => onOnly({ actor: entry.actor_id })} />}
        <span className="block text-sm text-muted">{[entry.address, entry.reason].filter(Boolean).join(" · ")}</span>
      </div>
      <span className="max-lg:col-start-2">
        <Badge tone={TONES[entry.outcome]}>{t(`audit.outcomes.${entry.outcome}`)}</Badge>
      </span>
    </li>
  );
}

/** An id by its end, which is what differs; pressed, it narrows the list to itself. */
function Id({ kind, id, label, onPress }: { kind: string; id: string; label: string; onPress: () => void }) {
  return (
    <button type="button" className="flex min-h-11 items-center gap-1.5 text-left text-[0.95rem] hover:underline lg:min-h-8" title={id} onClick={onPress}>
      <span>{kind}</span>
      <span className="nums text-muted">…{id.slice(-8)}</span>
      <span className="sr-only">{label}</span>
    </button>
  );
}

/** Goes through the whole chain, entry by entry, and says what it found. */
function Verify() {
  const { t } = useTranslation();
  const explain = useProblemText();
  const verify = useMutation({ mutationFn: (checkpoints: Checkpoint[]) => verifyAudit(checkpoints) });
  return (
    <>
    <div className="mb-4 flex flex-wrap items-center gap-x-5 gap-y-3 rounded-xl border-2 border-ink bg-surface p-4 shadow-sleeve">
      <button type="button" className="btn btn-solid" disabled={verify.isPending} onClick={() => verify.mutate([])}>
        <Icon name="shield" />
        {verify.isPending ? t("audit.verifying") : t("audit.verify")}
      </button>
      <div role="status" className="min-w-0 flex-1 max-sm:basis-full">
        {verify.data ? <Report report={verify.data} /> : !verify.error && <p className="text-muted">{t("audit.verifyHint")}</p>}
      </div>
      {verify.error && <FormFailure text={explain(verify.error)} />}
    </div>
    <Checkpoints onVerify={(checkpoints) => verify.mutate(checkpoints)} />
    </>
  );
}

function Report({ report }: { report: AuditReport }) {
  const { t } = useTranslation();
  const { faults } = report;
  if (faults.length === 0)
    return (
      <p className="flex items-center gap-2 font-bold text-good">
        <Icon name="check" />
        <span>
          {t("audit.sound", { count: report.entries })} {report.signed_through > 0 && t("audit.signed", { number: report.signed_through })}
        </span>
      </p>
    );
  return (
    <div className="text-bad">
      <p className="font-bold">{t("audit.unsound", { count: faults.length })}</p>
      <ul className="list-disc pl-5">
        {faults.map((fault, i) => (
          <li key={i}>{t(`audit.faults.${fault.kind}`, { range: fault.through > fault.number ? `${fault.number}–${fault.through}` : fault.number })}</li>
        ))}
      </ul>
    </div>
  );
}
