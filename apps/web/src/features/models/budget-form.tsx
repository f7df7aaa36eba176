import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ROLES, type User } from "@/api/account-types";
import { type Budget, type NewBudget, PERIODS, SUBJECTS } from "@/api/model-types";
import { budgets, keys } from "@/api/models";
import { PersonField } from "@/features/school/person-field";
import { FormFailure, SelectField, SendButton, TextField, Tick } from "@/ui/form/fields";
import { type FieldProps, useForm } from "@/ui/form/use-form";
import { useToasts } from "@/ui/toasts";
import { useRenewed } from "./parts";

/** A budget as it would be made anew. */
export function wishOf({ subject: { kind, role, user_id, key_id }, period, amount, warn_percent, hard }: Budget): NewBudget {
  const subject = kind === "role" ? { kind, role: role ?? null } : kind === "user" ? { kind, user_id: user_id ?? null } : kind === "key" ? { kind, key_id: key_id ?? null } : { kind };
  return { subject, period, amount, warn_percent, hard };
}

/** An amount as people write it: a comma for a point does no harm. */
const readAmount = (text: string) => text.trim().replace(/^\$\s*/, "").replace(",", ".");

const USUAL = { amount: "", warn_percent: "80", hard: true };
type Amounts = typeof USUAL;

function useAmountFaults() {
  const { t } = useTranslation();
  return ({ amount, warn_percent }: Amounts) => ({
    ...(/^\d+(\.\d+)?$/.test(readAmount(amount)) && Number(readAmount(amount)) > 0 ? {} : { amount: t("budgets.amountWrong") }),
    ...(/^\d+$/.test(warn_percent.trim()) && Number(warn_percent) >= 1 && Number(warn_percent) <= 100 ? {} : { warn_percent: t("budgets.warnWrong") }),
  });
}

const readAmounts = ({ amount, warn_percent, hard }: Amounts) => ({
  amount: readAmount(amount),
  warn_percent: Number(warn_percent),
  hard,
});

interface AmountFieldsProps {
  text: (name: "amount" | "warn_percent") => FieldProps & { value: string; onValue: (value: string) => void };
  tick: (name: "hard") => FieldProps & { checked: boolean; onChecked: (checked: boolean) => void };
  /** What stands between the two numbers. */
  children?: ReactNode;
}

function AmountFields({ text, tick, children }: AmountFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-3">
        <TextField {...text("amount")} label={t("budgets.amount")} inputMode="decimal" maxLength={16} autoComplete="off" required />
        {children}
        <TextField {...text("warn_percent")} label={t("budgets.warn")} inputMode="numeric" maxLength={3} />
      </div>
      <Tick {...tick("hard")} label={t("budgets.hard")} hint={t("budgets.hardHint")} />
    </>
  );
}

export function NewBudgetForm({ done }: { done: () => Promise<void> }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const faults = useAmountFaults();
  const { data: known = [] } = useQuery(keys.query);
  const [person, setPerson] = useState<User>();
  const form = useForm({
    initial: { kind: "institution", role: "teacher", person_id: "", key: "", period: "month", ...USUAL },
    check: (values) => ({
      ...faults(values),
      ...(values.kind === "user" && !person ? { person_id: t("disclosures.personNeeded") } : {}),
      ...(values.kind === "key" && !values.key ? { key: t("budgets.keyNeeded") } : {}),
    }),
    submit: async (values) => {
      const { kind, role, key } = values;
      const subject: NewBudget["subject"] = kind === "role" ? { kind, role } : kind === "user" ? { kind, user_id: person?.id ?? null } : kind === "key" ? { kind, key_id: key } : { kind: "institution" };
      await budgets.add({ subject, period: PERIODS.find((known) => known === values.period) ?? "month", ...readAmounts(values) });
      toast({ text: t("budgets.saved"), life: 4000 });
      await done();
    },
  });
  const { text, values } = form;
  return (
    <form {...form.form} className="grid max-w-3xl gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField {...text("kind")} label={t("budgets.for")} options={SUBJECTS.map((value) => ({ value, label: t(`budgets.kinds.${value}`) }))} />
        {values.kind === "role" && <SelectField {...text("role")} label={t("budgets.role")} options={ROLES.filter((role) => role !== "super_admin").map((value) => ({ value, label: t(`session.roles.${value}`) }))} />}
        {values.kind === "key" && (
          <SelectField {...text("key")} label={t("budgets.key")} hint={known.length === 0 ? t("budgets.noKeys") : undefined} options={[{ value: "", label: "" }, ...known.map(({ id, name }) => ({ value: id, label: name }))]} />
        )}
      </div>
      {values.kind === "user" && <PersonField field={text("person_id")} person={person} onPerson={setPerson} />}
      <AmountFields text={form.text} tick={form.tick}>
        <SelectField {...text("period")} label={t("budgets.period")} options={PERIODS.map((value) => ({ value, label: t(`budgets.periods.${value}`) }))} />
      </AmountFields>
      <FormFailure text={form.failure} />
      <SendButton busy={form.busy} className="justify-self-start">
        {t("budgets.add")}
      </SendButton>
    </form>
  );
}

/** What a budget is for, and its period, stay: what was spent is counted by them. */
export function ChangeBudget({ budget, done }: { budget: Budget; done: () => void }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const renewed = useRenewed();
  const faults = useAmountFaults();
  const { amount, warn_percent, hard } = budget;
  const initial: Amounts = { amount, warn_percent: String(warn_percent), hard };
  const form = useForm({
    initial,
    check: faults,
    submit: async (values) => {
      await budgets.change(budget, readAmounts(values));
      toast({ text: t("budgets.saved"), life: 4000 });
      await renewed();
      done();
    },
  });
  return (
    <form {...form.form} className="grid gap-4">
      <AmountFields text={form.text} tick={form.tick} />
      <FormFailure text={form.failure} />
      <SendButton busy={form.busy} className="justify-self-start">
        {t("form.save")}
      </SendButton>
    </form>
  );
}
