import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { formatClock } from "@/lib/format";
import { formatChord, formatNumeral } from "@/lib/music-names";
import { useSettings } from "@/lib/settings";
import { barAt } from "@/player/timeline";
import { Icon, type IconName } from "@/ui/icons";
import { usePlayhead } from "./playhead";
import { Ribbon } from "./ribbon";
import { chordAt } from "./sounding";
import { useStudio } from "./state";

const TEMPOS = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5] as const;

/** The foot of the studio: the form of the piece as a ribbon to seek in, and the player's controls. */
export function Dock() {
  const { t } = useTranslation();
  const dock = useRef<HTMLElement>(null);
  // What floats at the foot of the page (the toasts) keeps off the controls.
  useEffect(() => {
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => style.setProperty("--foot", `${dock.current?.offsetHeight ?? 0}px`));
    if (dock.current) observer.observe(dock.current);
    return () => {
      observer.disconnect();
      style.removeProperty("--foot");
    };
  }, []);
  return (
    <section ref={dock} aria-label={t("transport.label")} className="sticky bottom-0 z-20 border-t-2 border-ink bg-paper px-3 pb-2 pt-2 sm:px-8">
      <Ribbon />
      <div className="mt-1.5 flex flex-wrap items-center gap-x-1 gap-y-1 sm:gap-x-2">
        <PlayControls />
        <Now />
        <div className="ml-auto flex items-center gap-1 sm:gap-1.5">
          <LoopButton />
          <Toggles />
          <TempoSelect />
        </div>
      </div>
    </section>
  );
}

function PlayControls() {
  const { t } = useTranslation();
  const status = useStudio((state) => state.status);
  const tuned = useStudio((state) => state.tuned);
  const toggle = useStudio((state) => state.toggle);
  const stop = useStudio((state) => state.stop);
  const playing = status === "playing";
  const play = useRef<HTMLButtonElement>(null);
  // The first thing to do with a piece is to hear it: one press of Space or Enter.
  useEffect(() => play.current?.focus({ preventScroll: true }), []);
  return (
    <>
      <button
        ref={play}
        type="button"
        className="btn btn-solid btn-icon size-12 rounded-full"
        aria-label={playing ? t("transport.pause") : t("transport.play")}
        aria-describedby={tuned ? undefined : "tuning"}
        onClick={toggle}
      >
        <Icon name={playing ? "pause" : "play"} className="size-6" />
      </button>
      <button type="button" className="btn btn-quiet btn-icon" aria-label={t("transport.stop")} disabled={status === "stopped"} onClick={stop}>
        <Icon name="stop" />
      </button>
      {!tuned && (
        <span id="tuning" role="status" className="text-sm text-muted max-sm:sr-only">
          {t("transport.tuning")}
        </span>
      )}
    </>
  );
}

/** Where the music is: the bar, the clock, the chord. */
function Now() {
  const { t } = useTranslation();
  const names = useSettings((state) => state.noteNames);
  const mashup = useStudio((state) => state.mashup);
  const timeline = useStudio((state) => state.timeline);
  const tempo = useStudio((state) => state.tempo);
  const bar = usePlayhead((position) => barAt(timeline.bars, position)?.number ?? 0);
  const second = usePlayhead((position) => Math.floor((position * 60) / (timeline.bpm * tempo)));
  const chord = mashup.score.chords[usePlayhead((position) => chordAt(mashup, position))];
  return (
    <div className="flex items-baseline gap-3 pl-1 max-sm:sr-only">
      <span className="nums text-sm leading-tight text-muted">
        {t("transport.barOf", { bar, bars: mashup.score.bars })}
        <span> · {formatClock(second)}</span>
      </span>
      <span className="display min-w-20 text-2xl font-black text-accent" role="img" aria-label={`${t("transport.chord")}: ${chord ? formatChord(chord.symbol, names) : ""}`}>
        {chord ? formatChord(chord.symbol, names) : ""}
        <span className="ml-2 text-base font-semibold text-muted">{chord ? formatNumeral(chord.numeral) : ""}</span>
      </span>
    </div>
  );
}

function Press({ icon, label, on, onPress, className = "" }: { icon: IconName; label: string; on: boolean; onPress: () => void; className?: string }) {
  return (
    <button type="button" className={`btn btn-icon ${className}`} aria-label={label} title={label} aria-pressed={on} onClick={onPress}>
      <Icon name={icon} />
    </button>
  );
}

function LoopButton() {
  const { t } = useTranslation();
  const loop = useStudio((state) => state.loop);
  const toggleLoop = useStudio((state) => state.toggleLoop);
  return <Press icon="loop" label={t("transport.loop")} on={loop !== undefined} onPress={() => toggleLoop()} />;
}

function Toggles() {
  const { t } = useTranslation();
  const metronome = useStudio((state) => state.metronome);
  const toggleMetronome = useStudio((state) => state.toggleMetronome);
  const countIn = useStudio((state) => state.countIn);
  const set = useStudio((state) => state.set);
  return (
    <>
      <Press icon="metronome" label={t("transport.metronome")} on={metronome} onPress={toggleMetronome} />
      <Press icon="count" label={t("transport.countIn")} on={countIn} onPress={() => set({ countIn: !countIn })} />
    </>
  );
}

function TempoSelect() {
  const { t } = useTranslation();
  const tempo = useStudio((state) => state.tempo);
  const setTempo = useStudio((state) => state.setTempo);
  const bpm = useStudio((state) => state.timeline.bpm);
  return (
    <label>
      <span className="sr-only">{t("transport.tempo")}</span>
      <select className="field nums w-auto font-semibold max-sm:w-[4.4rem] max-sm:px-1" value={tempo} onChange={(event) => setTempo(Number(event.target.value))}>
        {TEMPOS.map((factor) => (
          <option key={factor} value={factor}>
            ♩ {Math.round(bpm * factor)}
          </option>
        ))}
      </select>
    </label>
  );
}
