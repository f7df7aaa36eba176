import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/icons";
import { useToasts } from "@/ui/toasts";
import { useStudio } from "./state";

/** Goes back to the version that this one was made of. */
export function useUndo(): (() => void) | undefined {
  const { t } = useTranslation();
  const parent = useStudio((state) => state.mashup.parent_id);
  const navigate = useNavigate();
  const toast = useToasts((state) => state.add);
  if (!parent) return undefined;
  return () => {
    toast({ text: t("remix.undone"), life: 4000 });
    void navigate({ to: "/studio/$id", params: { id: parent } });
  };
}

/** The press that takes a remix back; nothing where there is no version before. */
export function UndoButton({ className, disabled }: { className: string; disabled?: boolean }) {
  const { t } = useTranslation();
  const undo = useUndo();
  if (!undo) return null;
  return (
    <button type="button" className={className} disabled={disabled} onClick={undo}>
      <Icon name="undo" />
      {t("remix.undo")}
    </button>
  );
}
