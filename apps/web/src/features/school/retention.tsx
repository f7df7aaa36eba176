import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { RetentionRule, RetentionRun } from "@/api/account-types";
import { retentionKey, retentionQuery, setRetention } from "@/api/school";
import { formatDate, formatDays } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { capital } from "@/lib/words";
import { may, useSession } from "@/session/session";
import { FormFailure, TextField } from "@/ui/form/fields";
import { useForm } from "@/ui/form/use-form";
import { Loaded } from "@/ui/loaded";
import { Badge, Block, PageHead } from "@/ui/page";
import { useToasts } from "@/ui/toasts";

/** The longest that the program keeps anything: a hundred years of 365 days. */
const LONGEST = 36_500;

/** How long the school keeps what, and what was thrown away lately. */
export function Retention() {
  const { t } = useTranslation();
  const retention = useQuery(retentionQuery);
  return (
    <>
      <PageHead title={t("school.retention")} lead={t("retention.lead")} />
      <Loaded query={retention} waiting={t("retention.looking")}>
        {({ rules, runs }) => (
          <>
            <ul className="mb-10 max-w-4xl divide-y divide-line border-y border-line">
              {rules.map((rule) => (
                <Rule key={`${rule.category}-${rule.keep_days ?? 0}`} rule={rule} />
              ))}
            </ul>
            <Runs runs={runs} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Rule({ rule }: { rule: RetentionRule }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const editable = useSession((state) => may(state.me, "privacy.update"));
  const { keep_days: days } = rule;
  return (
    <li className="grid gap-x-6 gap-y-3 py-4 md:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="grid content-start gap-1">
        <strong className="text-lg">{capital(t(`data.categories.${rule.category}`))}</strong>
        <p className="flex flex-wrap items-center gap-2 text-muted">
          {typeof days === "number" && days > 0 ? t("retention.kept", { time: formatDays(days, language) }) : t("retention.short")}
          {rule.own && <Badge>{t("retention.own")}</Badge>}
        </p>
      </div>
      {editable && typeof days === "number" && days > 0 && <Change rule={rule} days={days} />}
    </li>
  );
}

function Change({ rule, days }: { rule: RetentionRule; days: number }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const name = capital(t(`data.categories.${rule.category}`));
  const keep = async (wanted: number) => queries.setQueryData(retentionKey, await setRetention(rule.category, wanted));
  const { text, values, form, failure, busy } = useForm({
    initial: { keep_days: String(days) },
    check: ({ keep_days }) => {
      const wanted = Number(keep_days);
      return /^\d+$/.test(keep_days.trim()) && wanted >= rule.floor_days && wanted <= LONGEST ? {} : { keep_days: t("retention.wrong", { least: rule.floor_days, most: LONGEST }) };
    },
    submit: async ({ keep_days }) => {
      const wanted = Number(keep_days);
      await keep(wanted);
      toast({ text: t("retention.changed", { name, time: formatDays(wanted, language) }), life: 10_000, action: { label: t("school.undo"), run: () => void keep(days) } });
    },
  });
  return (
    <form {...form} aria-label={name} className="grid gap-2">
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2">
        <TextField {...text("keep_days")} label={t("retention.days")} inputMode="numeric" maxLength={5} hint={t("retention.least", { time: formatDays(rule.floor_days, language) })} />
        <button type="submit" className="btn mt-6.5" disabled={busy || values.keep_days === String(days)}>
          {t("form.save")}
        </button>
      </div>
      <FormFailure text={failure} />
    </form>
  );
}

function Runs({ runs }: { runs: readonly RetentionRun[] }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  return (
    <Block title={t("retention.runs")} lead={t("retention.runsLead")}>
      {runs.length === 0 ? (
        <p className="text-muted">{t("retention.noRun")}</p>
      ) : (
        <ol className="max-w-4xl divide-y divide-line border-y border-line">
          {runs.map((run) => (
            <li key={run.at} className="grid gap-x-6 py-2 md:grid-cols-[14rem_minmax(0,1fr)]">
              <time className="nums text-muted" dateTime={run.at}>
                {formatDate(run.at, language)}
              </time>
              {run.removals.length === 0 ? (
                <span>{t("retention.nothing")}</span>
              ) : (
                <ul>
                  {run.removals.map((removal) => (
                    <li key={removal.table} className="wrap-anywhere">
                      {t("retention.removed", { table: removal.table, deleted: removal.deleted, anonymised: removal.anonymised })}
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ol>
      )}
    </Block>
  );
}
