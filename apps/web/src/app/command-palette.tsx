import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/icons";
import { Modal } from "@/ui/modal";
import { type Command, useShortcuts } from "./shortcuts";

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

const KEY_NAMES: Readonly<Record<string, string>> = { " ": "Space", ArrowLeft: "←", ArrowRight: "→" };

/** A key as it is printed on the keyboard: `shift+ArrowLeft` is "Shift ←". */
export function printedKey(key: string): string {
  const bare = key.replace("shift+", "");
  const printed = KEY_NAMES[bare] ?? bare.toUpperCase();
  return key.startsWith("shift+") ? `Shift ${printed}` : printed;
}

/** The commands whose name holds every word typed, whatever its accents; those of the present screen, which have keys, first. */
export function matching(commands: readonly Command[], typed: string): Command[] {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  return commands
    .filter((command) => words.every((word) => fold(command.label).includes(word)))
    .toSorted((a, b) => Number(a.key === undefined) - Number(b.key === undefined));
}

function Finder({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const commands = useShortcuts((state) => state.commands);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const found = matching(commands, typed);
  const active = found[Math.min(at, found.length - 1)];

  const run = (command: Command | undefined) => {
    if (!command) return;
    close();
    command.run();
  };
  const onKey = (event: React.KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      setAt((Math.min(at, found.length - 1) + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(active);
    }
  };

  return (
    <>
      <input
        className="field"
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-label={t("palette.placeholder")}
        aria-activedescendant={active ? `${list}-${active.id}` : undefined}
        placeholder={t("palette.placeholder")}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <div id={list} role="listbox" aria-label={t("palette.heading")} className="mt-3 max-h-[50dvh] overflow-y-auto" tabIndex={-1}>
        {found.map((command) => (
          <div
            key={command.id}
            id={`${list}-${command.id}`}
            role="option"
            aria-selected={command === active}
            className={`flex min-h-11 cursor-pointer items-center justify-between gap-4 rounded-lg px-3 ${command === active ? "bg-ink text-paper" : "hover:bg-sunken"}`}
            onClick={() => run(command)}
          >
            <span>{command.label}</span>
            {command.key && <kbd className="kbd text-ink">{printedKey(command.key)}</kbd>}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="px-3 py-4 text-muted">{t("palette.none")}</p>}
    </>
  );
}

/** Ctrl/Cmd+K: everything the present screen can do, by name. */
export function CommandPalette() {
  const { t } = useTranslation();
  const open = useShortcuts((state) => state.open === "palette");
  const show = useShortcuts((state) => state.show);
  return (
    <Modal
      title={t("palette.heading")}
      open={open}
      onOpenChange={(next) => show(next ? "palette" : undefined)}
      trigger={
        <button type="button" className="btn btn-quiet btn-icon" aria-label={t("app.palette")}>
          <Icon name="search" />
        </button>
      }
    >
      <Finder close={() => show(undefined)} />
    </Modal>
  );
}
