import { useLayoutEffect } from "react";
import { create } from "zustand";

/** Something the user can do by name (palette) or by key. */
export interface Command {
  id: string;
  label: string;
  /** A key as `KeyboardEvent.key` names it, with `shift+` before it where Shift is held; none for palette-only commands. */
  key?: string;
  run: () => void;
}

interface Shortcuts {
  commands: Command[];
  open: "palette" | "help" | undefined;
  show: (open: Shortcuts["open"]) => void;
  register: (commands: Command[]) => () => void;
}

export const useShortcuts = create<Shortcuts>()((set) => ({
  commands: [],
  open: undefined,
  show: (open) => set({ open }),
  register: (commands) => {
    set((state) => ({ commands: [...state.commands, ...commands] }));
    return () => set((state) => ({ commands: state.commands.filter((command) => !commands.includes(command)) }));
  },
}));

/** Offers commands for as long as the calling screen is there. */
export function useCommands(commands: Command[]): void {
  const register = useShortcuts((state) => state.register);
  // In the layout effect: who sees the screen may press its keys at once, and a later effect would lose the first of them.
  useLayoutEffect(() => register(commands), [register, commands]);
}

/** Whether a key press belongs to the element it happened in and not to the page. */
export function belongsToElement(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("[role='dialog'], [role='menu'], [role='listbox']")) return true;
  if (target.matches("textarea, select, input:not([type='range'], [type='checkbox'], [type='radio'])")) return true;
  if (target.matches("input, [role='slider'], [role='tab'], [role='radio']")) return key !== " " || target.matches("input:not([type='range'])");
  // Space and Enter press the focused button or link; taking them away would break it for keyboard users.
  return (key === " " || key === "Enter") && target.closest("button, a, summary, [role='button']") !== null;
}

/** The name under which a key press is registered. With Shift a digit is told by its place, whatever the layout prints. */
export function keyName(event: Pick<KeyboardEvent, "key" | "shiftKey"> & { code?: string }): string {
  const digit = event.shiftKey ? /^Digit(\d)$/.exec(event.code ?? "")?.[1] : undefined;
  const key = digit ?? (event.key.length === 1 ? event.key.toLowerCase() : event.key);
  return event.shiftKey && event.key !== "?" ? `shift+${key}` : key;
}

/** Listens for every registered key, once for the whole page. */
export function useGlobalKeys(): void {
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const { commands, show } = useShortcuts.getState();
      const modified = event.ctrlKey || event.metaKey;
      if (modified && event.key.toLowerCase() === "k") {
        event.preventDefault();
        show("palette");
        return;
      }
      if (modified || event.altKey || belongsToElement(event.target, event.key)) return;
      if (event.key === "?") {
        event.preventDefault();
        show("help");
        return;
      }
      const command = commands.findLast((known) => known.key === keyName(event));
      if (!command) return;
      event.preventDefault();
      command.run();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
