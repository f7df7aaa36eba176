import { useTranslation } from "react-i18next";
import { useSettings } from "@/lib/settings";
import { audible } from "@/player/desk";
import { Icon } from "@/ui/icons";
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
      <ul className="grid">
        {parts.map((part, i) => {
          const fader = faders[i];
          if (!fader) return null;
          const name = part.name[language];
          return (
            <li key={part.id} className="grid grid-cols-[minmax(0,7fr)_minmax(0,8fr)_auto_auto] items-center gap-x-2 border-t border-line py-1">
              <span className={`flex items-center gap-2 font-bold leading-tight ${heard[i] ? "" : "text-muted line-through"}`}>
                <GenreMark colour={colours.find((colour) => colour.genre === part.genre)} />
                <span className="min-w-0">{name}</span>
              </span>
              <input
                type="range"
                className={`range ${heard[i] ? "" : "is-silent"}`}
                style={{ "--fill": `${fader.volume * 100}%` } as React.CSSProperties}
                min={0}
                max={100}
                value={Math.round(fader.volume * 100)}
                aria-label={t("mixer.volume", { part: name })}
                onChange={(event) => setFader(i, { volume: event.target.valueAsNumber / 100 })}
              />
              <button
                type="button"
                className="btn btn-icon"
                aria-pressed={fader.muted}
                aria-label={t("mixer.mute", { part: name })}
                title={t("mixer.muteShort")}
                onClick={() => setFader(i, { muted: !fader.muted })}
              >
                <Icon name="mute" />
              </button>
              <button
                type="button"
                className="btn btn-icon"
                aria-pressed={fader.solo}
                aria-label={t("mixer.solo", { part: name })}
                title={t("mixer.soloShort")}
                onClick={() => setFader(i, { solo: !fader.solo })}
              >
                <Icon name="solo" />
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
