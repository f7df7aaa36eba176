import { Popover } from "radix-ui";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES, NOTE_NAMES, THEMES, useSettings } from "@/lib/settings";
import { Choice } from "@/ui/choice";
import { Icon } from "@/ui/icons";
import { useCommands } from "./shortcuts";

/** Each language in its own words: who needs it cannot read the others. */
const OWN_NAMES = { en: "English", es: "Español" } as const;

function useSettingCommands() {
  const { t } = useTranslation();
  const set = useSettings((state) => state.set);
  useCommands(
    useMemo(
      () => [
        ...THEMES.map((theme) => ({
          id: `theme-${theme}`,
          label: `${t("settings.themeLabel")}: ${t(`settings.themes.${theme}`)}`,
          run: () => set({ theme }),
        })),
        ...LANGUAGES.map((language) => ({
          id: `language-${language}`,
          label: `${t("settings.language")}: ${OWN_NAMES[language]}`,
          run: () => set({ language }),
        })),
      ],
      [t, set],
    ),
  );
}

export function SettingsMenu() {
  const { t } = useTranslation();
  const { theme, language, noteNames, set } = useSettings();
  useSettingCommands();
  return (
    <Popover.Root>
      <Popover.Trigger className="btn btn-quiet btn-icon" aria-label={t("app.settings")}>
        <Icon name="gear" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={12}
          aria-label={t("app.settings")}
          className="z-40 grid max-w-[calc(100vw-1.5rem)] gap-4 rounded-xl border border-line bg-surface p-5 shadow-sleeve"
        >
          <div className="grid gap-1.5">
            <p className="eyebrow">{t("settings.language")}</p>
            <Choice
              label={t("settings.language")}
              value={language}
              options={LANGUAGES.map((value) => ({ value, label: OWN_NAMES[value] }))}
              onChange={(next) => set({ language: next })}
            />
          </div>
          <div className="grid gap-1.5">
            <p className="eyebrow">{t("settings.themeLabel")}</p>
            <Choice
              label={t("settings.themeLabel")}
              value={theme}
              options={THEMES.map((value) => ({ value, label: t(`settings.themes.${value}`) }))}
              onChange={(next) => set({ theme: next })}
            />
          </div>
          <div className="grid gap-1.5">
            <p className="eyebrow">{t("settings.noteNames")}</p>
            <Choice
              label={t("settings.noteNames")}
              value={noteNames}
              options={NOTE_NAMES.map((value) => ({ value, label: t(`settings.noteNamesChoice.${value}`) }))}
              onChange={(next) => set({ noteNames: next })}
            />
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
