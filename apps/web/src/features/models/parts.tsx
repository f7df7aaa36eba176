import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Origin } from "@/api/model-types";
import { modelsKey } from "@/api/models";
import { useProblemText } from "@/api/problem-text";
import { may, useSession } from "@/session/session";
import { Ask } from "@/ui/ask";
import { Icon } from "@/ui/icons";
import { Modal } from "@/ui/modal";
import { Badge } from "@/ui/page";
import { useToasts } from "@/ui/toasts";

/** Whether the person may change what is set about models. */
export const useEditable = () => useSession((state) => may(state.me, "models.update"));

/** Fetches everything about models anew: a change in one list shows in others. */
export function useRenewed(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: modelsKey });
}

export function OriginBadge({ origin }: { origin: Origin }) {
  const { t } = useTranslation();
  return origin === "school" ? null : <Badge tone={origin === "found" ? "accent" : "plain"}>{t(`models.origins.${origin}`)}</Badge>;
}

/** A list under lines, and what is said where there is nothing in it. */
export function Rows({ none, count, children }: { none: string; count: number; children: ReactNode }) {
  if (count === 0) return <p className="mb-10 max-w-4xl border-y border-line py-6 text-lg text-muted">{none}</p>;
  return <ul className="mb-10 max-w-5xl divide-y divide-line border-y border-line">{children}</ul>;
}

interface RowProps {
  title: string;
  badges?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

/** One thing of such a list: its name, what it is, what can be done with it. */
export function Row({ title, badges, actions, children }: RowProps) {
  return (
    <li className={`grid gap-x-6 gap-y-3 py-4 ${actions ? "md:grid-cols-[minmax(0,1fr)_auto]" : ""}`}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <h2 className="text-xl wrap-anywhere">{title}</h2>
        {badges}
      </div>
      {actions && <div className="flex flex-wrap items-start gap-2 md:row-span-2 md:col-start-2 md:row-start-1">{actions}</div>}
      <div className="min-w-0">{children}</div>
    </li>
  );
}

/** The form of one thing, in a window over its list. */
export function Edit({ name, children }: { name: string; children: (close: () => void) => ReactNode }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Modal
      wide
      title={t("models.editOf", { name })}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button type="button" className="btn" aria-label={t("models.editOf", { name })}>
          <Icon name="pencil" />
          {t("models.edit")}
        </button>
      }
    >
      {children(() => setOpen(false))}
    </Modal>
  );
}

/** Takes a thing away after a question: for what cannot be made again as it was. */
export function RemoveAsked({ name, text, run }: { name: string; text: string; run: () => Promise<unknown> }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const renewed = useRenewed();
  const remove = async () => {
    await run();
    toast({ text: t("models.removed", { name }), life: 4000 });
    await renewed();
  };
  return <Ask danger title={t("models.removeOf", { name })} text={text} action={t("form.remove")} run={remove} trigger={<RemoveButton name={name} />} />;
}

/** Takes a thing away at once, and offers to make it again. */
export function RemoveUndone({ name, run, undo }: { name: string; run: () => Promise<unknown>; undo: () => Promise<unknown> }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const explain = useProblemText();
  const renewed = useRenewed();
  const told = (error: unknown) => toast({ text: explain(error) });
  const back = () => void undo().then(renewed, told);
  const remove = async () => {
    await run();
    toast({ text: t("models.removed", { name }), life: 10_000, action: { label: t("models.undo"), run: back } });
    await renewed();
  };
  return <RemoveButton name={name} onClick={() => void remove().catch(told)} />;
}

/** Passes on what a question gives its trigger. */
function RemoveButton({ name, ...rest }: { name: string } & React.ComponentProps<"button">) {
  const { t } = useTranslation();
  return (
    <button type="button" className="btn btn-icon btn-danger" aria-label={t("models.removeOf", { name })} {...rest}>
      <Icon name="trash" />
    </button>
  );
}
