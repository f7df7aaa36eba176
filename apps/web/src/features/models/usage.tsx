import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PERIODS, type Period, SUMMED_BY, type SummedBy, type Used } from "@/api/model-types";
import { keys, usageQuery } from "@/api/models";
import { keepFile } from "@/api/save";
import { userQuery } from "@/api/school";
import { writeTable } from "@/lib/csv";
import { formatPercent } from "@/lib/format";
import { fullName } from "@/lib/initials";
import { useSettings } from "@/lib/settings";
import { Icon } from "@/ui/icons";
import { Loaded } from "@/ui/loaded";
import { COLOURS, Chart, colourOf } from "./chart";
import { formatCompact, formatDollars, formatPeriod } from "./figures";
import { BACK, MEASURES, type Measure, beginOf, measured, periodsBetween, seriesOf } from "./series";
import { useFeatureName, useOutcomeName } from "./tasks";

const DAY = 86_400_000;

/** What models were used for, and what it cost: of the whole school. */
export function SchoolUsage() {
  const { t } = useTranslation();
  return (
    <>
      <p className="mb-5 max-w-[65ch]">{t("usage.lead")}</p>
      <UsageView sums={SUMMED_BY} />
    </>
  );
}

interface UsageViewProps {
  /** By what it can be summed up. */
  sums: readonly SummedBy[];
  /** Whether it is about whoever looks at it alone. */
  own?: boolean;
}

export function UsageView({ sums, own = false }: UsageViewProps) {
  const { t } = useTranslation();
  const [period, setPeriod] = useState<Period>("day");
  const [by, setBy] = useState<SummedBy>(sums[0] ?? "provider");
  const [measure, setMeasure] = useState<Measure>("cost");
  // The page stays at the moment at which it was opened, so that its addresses and its bars do.
  const [now] = useState(() => Date.now());
  const since = beginOf(now - BACK[period] * DAY, period);
  const used = useQuery(usageQuery(period, by, new Date(since).toISOString(), own));
  return (
    <>
      <div className="mb-6 flex flex-wrap items-end gap-x-5 gap-y-3">
        <OneOf label={t("usage.period")} value={period} options={PERIODS.map((value) => ({ value, label: t(`usage.periods.${value}`) }))} onChange={setPeriod} />
        <OneOf label={t("usage.measure")} value={measure} options={MEASURES.map((value) => ({ value, label: t(`usage.measures.${value}`) }))} onChange={setMeasure} />
        <label className="grid gap-0.5">
          <span className="eyebrow">{t("usage.by")}</span>
          <select className="field font-semibold" value={by} onChange={(event) => setBy(sums.find((one) => one === event.target.value) ?? by)}>
            {sums.map((one) => (
              <option key={one} value={one}>
                {t(`usage.sums.${one}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Loaded query={used} waiting={t("usage.looking")}>
        {(items) =>
          items.length === 0 ? (
            <div className="max-w-4xl border-y border-line py-6">
              <p className="text-lg font-semibold">{t("usage.none")}</p>
              <p className="text-muted">{t("usage.noneText")}</p>
            </div>
          ) : (
            <div className={used.isPlaceholderData ? "opacity-60" : ""}>
              <Figures items={items} period={period} by={by} measure={measure} since={since} now={now} />
            </div>
          )
        }
      </Loaded>
    </>
  );
}

interface OneOfProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}

/** One of a few, all in sight. */
function OneOf<T extends string>({ label, value, options, onChange }: OneOfProps<T>) {
  return (
    <fieldset className="grid gap-0.5">
      <legend className="eyebrow mb-0.5">{label}</legend>
      <div className="segmented">
        {options.map((option) => (
          <button key={option.value} type="button" aria-pressed={option.value === value} data-state={option.value === value ? "on" : "off"} onClick={() => onChange(option.value)}>
            {option.label}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

/** What the server names, as people say it: persons by their names, tasks by what they are. */
function useNames(items: readonly Used[], by: SummedBy): (name: string | undefined) => string {
  const { t } = useTranslation();
  const featureName = useFeatureName();
  const outcomeName = useOutcomeName();
  const { data: known } = useQuery({ ...keys.query, enabled: by === "key" });
  const ids = by === "user" ? [...new Set(items.map(({ name }) => name))].filter(Boolean).slice(0, 50) : [];
  const people = useQueries({ queries: ids.map((id) => userQuery(id)) });
  return (name) => {
    if (name === undefined) return t("usage.rest");
    if (name === "") return t("usage.nobody");
    if (by === "feature") return featureName(name);
    if (by === "status") return outcomeName(name);
    if (by === "key") return known?.find(({ id }) => id === name)?.name ?? `…${name.slice(-8)}`;
    const person = by === "user" ? people[ids.indexOf(name)]?.data : undefined;
    return person ? fullName(person) : by === "user" ? `…${name.slice(-8)}` : name;
  };
}

interface FiguresProps {
  items: readonly Used[];
  period: Period;
  by: SummedBy;
  measure: Measure;
  since: number;
  now: number;
}

function Figures({ items, period, by, measure, since, now }: FiguresProps) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const nameOf = useNames(items, by);
  const periods = periodsBetween(since, now, period);
  const series = seriesOf(items, periods, measure, COLOURS);
  const say = (value: number) => (measure === "cost" ? formatDollars(value, language) : formatCompact(value, language));
  const total = items.reduce((sum, one) => sum + measured(one, measure), 0);
  const calls = items.reduce((sum, one) => sum + one.calls, 0);
  const failed = items.reduce((sum, one) => sum + one.failed, 0);
  const estimated = items.some((one) => Number(one.estimated_cost) > 0);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-baseline gap-x-5">
        <p className="display nums text-5xl">{say(total)}</p>
        <p className="text-muted">
          {t("usage.calls", { count: calls })}
          {failed > 0 && ` · ${t("usage.failed", { count: failed })}`}
          {measure === "cost" && estimated && ` · ${t("usage.estimated")}`}
        </p>
      </div>
      <div className={`grid gap-x-8 gap-y-5 ${total > 0 ? "xl:grid-cols-[minmax(0,1fr)_18rem]" : "mb-8 max-w-xs"}`}>
        {total > 0 && (
          <Chart
            label={t("usage.chart", { measure: t(`usage.measures.${measure}`), period: t(`usage.periods.${period}`), by: t(`usage.sums.${by}`) })}
            series={series}
            periods={periods.map((at) => formatPeriod(at, period, language))}
            say={say}
            nameOf={nameOf}
          />
        )}
        <ul className="grid content-start gap-2.5">
          {series.map((one, i) => (
            <li key={one.name ?? ""} className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-2.5">
              <span className="size-3.5 self-center rounded-sm" style={{ background: colourOf(one, i) }} aria-hidden="true" />
              <span className="wrap-anywhere">{nameOf(one.name)}</span>
              <span className="nums font-semibold">
                {say(one.total)} {total > 0 && <span className="font-normal text-muted">{formatPercent(one.total / total, language)}</span>}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <Table items={items} period={period} by={by} nameOf={nameOf} />
    </>
  );
}

interface TableProps {
  items: readonly Used[];
  period: Period;
  by: SummedBy;
  nameOf: (name: string) => string;
}

function Table({ items, period, by, nameOf }: TableProps) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const number = new Intl.NumberFormat(language);
  const columns = ["from", by, "calls", "failed", "input", "output", "cost"] as const;
  const heading = (column: (typeof columns)[number]) => (column === by ? t(`usage.sums.${by}`) : t(`usage.columns.${column as "from"}`));
  const save = () => {
    const rows = items.map((one) => [one.from.slice(0, 10), nameOf(one.name), one.name, one.calls, one.failed, one.input_tokens, one.cached_read_tokens, one.output_tokens, one.cost, one.estimated_cost]);
    keepFile(new Blob([writeTable([["from", by, "id", "calls", "failed", "input_tokens", "cached_read_tokens", "output_tokens", "cost_usd", "estimated_cost_usd"], ...rows])], { type: "text/csv" }), `models-${by}-${period}.csv`);
  };
  return (
    <section className="mt-8 border-t-2 border-ink pt-3">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-2xl">{t("usage.table")}</h2>
        <button type="button" className="btn" onClick={save}>
          <Icon name="download" />
          {t("usage.download")}
        </button>
      </div>
      <div className="max-h-[32rem] overflow-auto rounded-xl border border-line bg-surface" tabIndex={0} role="region" aria-label={t("usage.table")}>
        <table className="w-full border-collapse text-left">
          <thead className="sticky top-0 bg-sunken">
            <tr>
              {columns.map((column, i) => (
                <th key={column} scope="col" className={`px-3 py-2 text-sm whitespace-nowrap ${i > 1 ? "text-right" : ""}`}>
                  {heading(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {items.map((one) => (
              <tr key={`${one.from} ${one.name}`}>
                <td className="px-3 py-1.5 whitespace-nowrap">{formatPeriod(Date.parse(one.from), period, language)}</td>
                <th scope="row" className="min-w-36 px-3 py-1.5 font-semibold wrap-anywhere">
                  {nameOf(one.name)}
                </th>
                {[one.calls, one.failed, one.input_tokens, one.output_tokens].map((value, i) => (
                  <td key={i} className="nums px-3 py-1.5 text-right">
                    {number.format(value)}
                  </td>
                ))}
                <td className="nums px-3 py-1.5 text-right whitespace-nowrap">{formatDollars(one.cost, language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
