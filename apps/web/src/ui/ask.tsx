import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "@/api/problem-text";
import { FormFailure } from "./form/fields";
import { Modal } from "./modal";

interface AskProps {
  title: string;
  text: ReactNode;
  /** What the button that does it says. */
  action: string;
  danger?: boolean;
  run: () => Promise<unknown>;
  trigger: ReactNode;
}

/** A question before something that cannot be taken back by a press. What went wrong is told where the question stands. */
export function Ask({ title, text, action, danger, run, trigger }: AskProps) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const doIt = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await run();
      setOpen(false);
    } catch (error) {
      setFailure(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal title={title} open={open} onOpenChange={setOpen} trigger={trigger}>
      <div className="grid gap-4">
        <div>{text}</div>
        <FormFailure text={failure} />
        <div className="flex flex-wrap gap-3">
          <button type="button" className={`btn ${danger ? "border-bad bg-bad-soft text-bad btn-danger" : "btn-solid"}`} disabled={busy} onClick={() => void doIt()}>
            {busy ? t("form.sending") : action}
          </button>
          <button type="button" className="btn" onClick={() => setOpen(false)}>
            {t("form.leaveIt")}
          </button>
        </div>
      </div>
    </Modal>
  );
}
