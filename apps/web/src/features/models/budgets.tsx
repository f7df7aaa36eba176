import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Budget } from "@/api/model-types";
import { budgets } from "@/api/models";
import { formatDay, formatPercent } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { Loaded } from "@/ui/loaded";
import { Badge, Block } from "@/ui/page";
import { ChangeBudget, NewBudgetForm, wishOf } from "./budget-form";
import { formatDollars } from "./figures";
import { Edit, OriginBadge, RemoveUndone, Row, Rows, useEditable, useRenewed } from "./parts";

/** What models may cost, and how much of it is spent. */
export function Budgets() {
  const { t } = useTranslation();
  const list = useQuery(budgets.query);
  const editable = useEditable();
  const renewed = useRenewed();
  const [added, setAdded] = useState(0);
  return (
    <>
      <p className="mb-5 max-w-[65ch]">{t("budgets.lead")}</p>
      <Loaded query={list} waiting={t("budgets.looking")}>
        {(items) => (
          <>
            <Rows none={t("budgets.none")} count={items.length}>
              {items.map((budget) => (
                <BudgetRow key={budget.id} budget={budget} editable={editable} />
              ))}
            </Rows>
            {editable && (
              <Block title={t("budgets.add")}>
                <NewBudgetForm
                  key={added}
                  done={async () => {
                    await renewed();
                    setAdded(added + 1);
                  }}
                />
              </Block>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

/** For whom a budget is, in words. */
function useSubjectName({ subject: { kind, role, name } }: Budget): string {
  const { t } = useTranslation();
  if (kind === "institution") return t("budgets.kinds.institution");
  if (kind === "role") return t(`session.roles.${role ?? ""}` as "session.roles.teacher", { defaultValue: role ?? "" });
  return name ?? t("budgets.nobody");
}

function BudgetRow({ budget, editable }: { budget: Budget; editable: boolean }) {
  const { t } = useTranslation();
  const name = useSubjectName(budget);
  return (
    <Row
      title={name}
      badges={
        <>
          <span className="text-muted">{t(`budgets.periods.${budget.period}`)}</span>
          <Badge>{t(budget.hard ? "budgets.stops" : "budgets.warns")}</Badge>
          {budget.warned && <Badge tone="signal">{t("budgets.warned")}</Badge>}
          <OriginBadge origin={budget.origin} />
        </>
      }
      actions={
        editable &&
        budget.origin === "school" && (
          <>
            <Edit name={name}>{(close) => <ChangeBudget budget={budget} done={close} />}</Edit>
            <RemoveUndone name={name} run={() => budgets.remove(budget)} undo={() => budgets.add(wishOf(budget))} />
          </>
        )
      }
    >
      <Meter budget={budget} name={name} />
    </Row>
  );
}

/** How much of a budget is spent, with the mark at which it warns. */
function Meter({ budget, name }: { budget: Budget; name: string }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const [spent, amount] = [Number(budget.spent), Number(budget.amount)];
  const share = amount > 0 ? spent / amount : 1;
  const over = share >= 1;
  const colour = over ? "bg-bad" : share * 100 >= budget.warn_percent ? "bg-signal" : "bg-good";
  const day = formatDay(budget.ends_at, language);
  const words = t("budgets.spent", { spent: formatDollars(budget.spent, language), amount: formatDollars(budget.amount, language) });
  const rest = over ? t(budget.hard ? "budgets.over" : "budgets.overSoft", { day }) : t("budgets.left", { left: formatDollars(amount - spent, language), day });
  return (
    <div className="grid max-w-2xl gap-1.5">
      <div
        role="meter"
        aria-label={t("budgets.meter", { name })}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Math.round(share * 100))}
        aria-valuetext={words}
        className="relative h-5 overflow-hidden rounded-full border-[1.5px] border-edge bg-sunken"
      >
        <div className={`h-full ${colour}`} style={{ width: `${Math.min(100, share * 100)}%` }} />
        {budget.warn_percent < 100 && <div className="absolute inset-y-0 w-0.5 bg-ink" style={{ left: `${budget.warn_percent}%` }} title={t("budgets.mark", { percent: formatPercent(budget.warn_percent / 100, language) })} />}
      </div>
      <p className="flex flex-wrap justify-between gap-x-6">
        <span>
          <strong className="nums">{words}</strong> <span className="text-muted">({formatPercent(share, language)})</span>
        </span>
        <span className={over ? "font-semibold text-bad" : "text-muted"}>{rest}</span>
      </p>
      {budget.warn_percent < 100 && <p className="text-sm text-muted">{t("budgets.mark", { percent: formatPercent(budget.warn_percent / 100, language) })}</p>}
    </div>
  );
}
