import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { changeMashup, deleteMashup, restoreMashup } from "@/api/mashups";
import { useProblemText } from "@/api/problem-text";
import { mashupKey } from "@/api/queries";
import { Icon } from "@/ui/icons";
import { useToasts } from "@/ui/toasts";
import { useStudio } from "./state";

/** Opens the piece to others of the institution, or closes it again. */
export function ShareButton() {
  const { t } = useTranslation();
  const explain = useProblemText();
  const mashup = useStudio((state) => state.mashup);
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const copy = async () => {
    const address = location.href;
    try {
      await navigator.clipboard.writeText(address);
      toast({ text: t("piece.copied"), life: 4000 });
    } catch {
      // Without a secure connection a browser keeps its clipboard: the address can still be read and typed.
      toast({ text: address });
    }
  };
  const share = useMutation({
    mutationFn: () => changeMashup(mashup, { shared: !mashup.shared }),
    onSuccess: (saved) => {
      queries.setQueryData(mashupKey(saved.id), saved);
      if (!saved.shared) toast({ text: t("piece.sharedOff"), life: 5000 });
      else toast({ text: t("piece.sharedOn"), action: { label: t("piece.copyAddress"), run: () => void copy() } });
    },
    onError: (error) => toast({ text: t("piece.saveFailed", { message: explain(error) }) }),
  });
  return (
    <button
      type="button"
      className="btn"
      aria-pressed={mashup.shared}
      title={mashup.shared ? t("piece.sharedOn") : t("piece.sharedOff")}
      disabled={share.isPending}
      onClick={() => share.mutate()}
    >
      <Icon name="share" />
      <span className="max-sm:sr-only">{t("piece.share")}</span>
    </button>
  );
}

/** Deletes the piece at once and offers it back for ten seconds: quicker and kinder than asking first. */
export function DeleteButton() {
  const { t } = useTranslation();
  const explain = useProblemText();
  const { id, title } = useStudio((state) => state.mashup);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToasts((state) => state.add);
  const refresh = () => queries.invalidateQueries({ queryKey: ["mashups"] });
  const restore = async () => {
    await restoreMashup(id);
    await refresh();
    toast({ text: t("piece.restored", { title }), life: 4000 });
    await navigate({ to: "/studio/$id", params: { id } });
  };
  const remove = useMutation({
    mutationFn: () => deleteMashup(id),
    onSuccess: async () => {
      toast({ text: t("piece.deleted", { title }), action: { label: t("piece.undo"), run: () => void restore() } });
      await navigate({ to: "/" });
      queries.removeQueries({ queryKey: mashupKey(id) });
      await refresh();
    },
    onError: (error) => toast({ text: explain(error) }),
  });
  return (
    <button type="button" className="btn btn-icon btn-danger" aria-label={t("piece.delete")} title={t("piece.delete")} disabled={remove.isPending} onClick={() => remove.mutate()}>
      <Icon name="trash" />
    </button>
  );
}
