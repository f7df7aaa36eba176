import { useTranslation } from "react-i18next";
import { useSettings } from "@/lib/settings";
import { audible } from "@/player/desk";
import { GenreMark } from "./provenance";
import { useStudio } from "./state";

/** A fader, a mute and a solo for each part. */
export function Mixer() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const parts = useStudio((state) => state.mashup.score.parts);
  const colours = useStudio((state) => state.colours);
  const faders = useStudio((state) => state.faders);
  const setFader = useStudio((state) => state.setFader);
  const heard = audible(faders);
  return (
    <section>
      <h2 className="mb-2 text-2xl">{t("mixer.heading")}</h2>
      <ul className="grid gap-1">
        {parts.map((part, i) => {
          const fader = faders[i];
          if (!fader) return null;
          const name = part.name[language];
          return (
            <li key={part.id} className="grid grid-cols-[minmax(0,1fr)_auto_auto] items-center gap-x-1.5 border-t border-line pt-1.5">
              <span className={`flex items-center gap-2 font-bold ${heard[i] ? "" : "text-muted line-through"}`}>
                <GenreMark colour={colours.find((colour) => colour.genre === part.genre)} />
                {name}
              </span>
              <button
                type="button"
                className="btn px-3"
                aria-pressed={fader.muted}
                aria-label={t("mixer.mute", { part: name })}
                onClick={() => setFader(i, { muted: !fader.muted })}
              >
                {t("mixer.muteShort")}
              </button>
              <button type="button" className="btn px-3" aria-pressed={fader.solo} aria-label={t("mixer.solo", { part: name })} onClick={() => setFader(i, { solo: !fader.solo })}>
                {t("mixer.soloShort")}
              </button>
              <input
                type="range"
                className="range col-span-3"
                min={0}
                max={100}
                value={Math.round(fader.volume * 100)}
                aria-label={t("mixer.volume", { part: name })}
                onChange={(event) => setFader(i, { volume: event.target.valueAsNumber / 100 })}
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
