import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/icons";
import { Modal } from "@/ui/modal";
import { useShortcuts } from "./shortcuts";

const ROWS = [
  ["play", ["Space"]],
  ["stop", ["0"]],
  ["back", ["←"]],
  ["forward", ["→"]],
  ["section", ["Shift ←", "Shift →"]],
  ["loop", ["L"]],
  ["metronome", ["M"]],
  ["note", ["N"]],
  ["noteBack", ["Shift N"]],
  ["tabs", ["Shift 1 … 5"]],
  ["view", ["V"]],
  ["lyrics", ["W"]],
  ["undo", ["U"]],
  ["answer", ["1 … 9"]],
  ["palette", ["Ctrl K", "⌘ K"]],
  ["help", ["?"]],
] as const;

/** What `?` shows: every key of the program on one sheet. */
export function HelpDialog() {
  const { t } = useTranslation();
  const open = useShortcuts((state) => state.open === "help");
  const show = useShortcuts((state) => state.show);
  return (
    <Modal
      title={t("help.heading")}
      description={t("help.lead")}
      open={open}
      onOpenChange={(next) => show(next ? "help" : undefined)}
      trigger={
        <button type="button" className="btn btn-quiet btn-icon" aria-label={t("app.help")}>
          <Icon name="help" />
        </button>
      }
    >
      <dl className="divide-y divide-line">
        {ROWS.map(([name, keys]) => (
          <div key={name} className="flex items-center justify-between gap-4 py-1.5">
            <dt>{t(`help.${name}`)}</dt>
            <dd className="flex flex-wrap justify-end gap-2">
              {keys.map((key) => (
                <kbd key={key} className="kbd">
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
