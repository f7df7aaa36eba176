import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Command, useCommands } from "@/app/shortcuts";
import { TABS, useStudioStore } from "./state";

/** The studio's commands, for keys and for the palette. */
export function StudioKeys() {
  const { t } = useTranslation();
  const store = useStudioStore();
  const navigate = useNavigate();
  useCommands(
    useMemo((): Command[] => {
      const state = () => store.getState();
      const parent = state().mashup.parent_id;
      return [
        { id: "play", label: t("help.play"), key: " ", run: () => state().toggle() },
        { id: "stop", label: t("help.stop"), key: "0", run: () => state().stop() },
        { id: "back", label: t("help.back"), key: "ArrowLeft", run: () => state().step(-1) },
        { id: "forward", label: t("help.forward"), key: "ArrowRight", run: () => state().step(1) },
        { id: "section-back", label: t("help.section"), key: "shift+ArrowLeft", run: () => state().jumpSection(-1) },
        { id: "section-forward", label: t("help.section"), key: "shift+ArrowRight", run: () => state().jumpSection(1) },
        { id: "loop", label: t("help.loop"), key: "l", run: () => state().toggleLoop() },
        { id: "metronome", label: t("help.metronome"), key: "m", run: () => state().toggleMetronome() },
        { id: "note", label: t("help.note"), key: "n", run: () => state().stepNote(1) },
        { id: "note-back", label: t("help.noteBack"), key: "shift+n", run: () => state().stepNote(-1) },
        { id: "view", label: t("help.view"), key: "v", run: () => state().set({ view: state().view === "score" ? "roll" : "score" }) },
        { id: "wall", label: t("help.lyrics"), key: "w", run: () => state().set({ wall: !state().wall }) },
        ...TABS.flatMap((tab, i): Command[] => [
          { id: `tab-${tab}`, label: t(`studio.tabs.${tab}`), key: `shift+${i + 1}`, run: () => state().set({ tab }) },
        ]),
        { id: "print", label: `${t("plan.print")}: ${t("plan.heading")}`, run: () => window.print() },
        ...(parent
          ? [{ id: "undo", label: t("help.undo"), key: "u", run: () => void navigate({ to: "/studio/$id", params: { id: parent } }) }]
          : []),
      ];
    }, [t, store, navigate]),
  );
  return null;
}
