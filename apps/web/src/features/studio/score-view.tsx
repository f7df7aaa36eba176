import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type NoteNames, useSettings } from "@/lib/settings";
import { Engraver } from "@/score/engraver";
import { formatChord, formatKey } from "@/lib/music-names";
import { fit, letter } from "@/score/lettering";
import { ScoreLights, noteIdOf } from "@/score/lights";
import { type Wanted, asWanted, cleanDrawing } from "@/score/musicxml";
import { useFrames } from "./playhead";
import { originColour } from "./provenance";
import { soundingIn } from "./sounding";
import { useStudio, useStudioStore } from "./state";
import { useMusicXml, useWanted } from "./wanted-score";

/** How long the page does not scroll by itself after the reader scrolled, in milliseconds. */
const READER_SCROLLS = 4000;

/** Air above a system that was scrolled to, in pixels. */
const HEADROOM = 10;

/**
 * Scrolls the score so that the system of a bar begins at the top, with its chords and its section's tag, unless it is
 * in sight whole. All bars of a system ask for the same place, so nothing moves in the middle of a line.
 */
function reveal(scroller: HTMLElement, bar: Element): void {
  const system = bar.closest("g.system") ?? bar;
  const [box, view] = [system.getBoundingClientRect(), scroller.getBoundingClientRect()];
  if (box.top >= view.top && box.bottom <= view.bottom) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scroller.scrollTo({ top: scroller.scrollTop + box.top - view.top - HEADROOM, behavior: calm ? "auto" : "smooth" });
}

interface ScoreViewProps {
  /** The parts to engrave; none for all. */
  parts: readonly string[];
  /** Size of the notes in per cent. */
  scale: number;
}

/** The engraved score: it follows the music, lights what is pointed at, and tells about a note that is pressed. */
export function ScoreView({ parts, scale }: ScoreViewProps) {
  const { t } = useTranslation();
  const store = useStudioStore();
  const mashup = useStudio((state) => state.mashup);
  const timeline = useStudio((state) => state.timeline);
  const xml = useMusicXml(mashup.id);
  const scroller = useRef<HTMLDivElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const [lights, setLights] = useState<ScoreLights>();
  const [failed, setFailed] = useState(false);
  const readerScrolled = useRef(-Infinity);

  const { language, noteNames } = useSettings();
  const wanted = useWanted(parts);
  useEngraving(xml.data, wanted, scale, noteNames, sheet, setLights, setFailed);
  useLights(lights, scroller);

  const sounding = useMemo(() => soundingIn(timeline), [timeline]);
  const playing = useStudio((state) => state.status) === "playing";
  // A sheet that was engraved anew shows the bar that sounds at once, not only at the next one.
  useFrames((position) => {
    if (!lights || !scroller.current) return;
    lights.sound(playing ? sounding(position).map((note) => note.id) : []);
    const bar = lights.playBar(timeline.bars.findLastIndex((known) => known.start <= position + 1e-6));
    if (bar && performance.now() - readerScrolled.current > READER_SCROLLS) reveal(scroller.current, bar);
  }, lights);

  const onClick = (event: React.MouseEvent) => {
    if (!lights || !(event.target instanceof Element)) return;
    const state = store.getState();
    const note = noteIdOf(event.target, (id) => timeline.notes.some((known) => known.id === id));
    if (note !== undefined) {
      state.hearNote(note);
      return;
    }
    const inside = lights.barOf(event.target);
    const bar = timeline.bars[inside >= 0 ? inside : lights.barAt(event.clientX, event.clientY)];
    if (bar) state.seek(bar.start);
  };

  return (
    // The keyboard reaches every bar by the arrow keys and every note by N: a click only is quicker.
    <div
      ref={scroller}
      role="region"
      aria-label={t("studio.score")}
      tabIndex={0}
      className="score h-full overflow-auto bg-surface"
      onClick={onClick}
      onWheel={() => (readerScrolled.current = performance.now())}
      onTouchMove={() => (readerScrolled.current = performance.now())}
    >
      {!lights && !failed && !xml.isError && (
        <p role="status" className="p-8 text-lg text-muted">
          {xml.data ? t("studio.engraving") : t("studio.fetchingScore")}
        </p>
      )}
      {(failed || xml.isError) && (
        <p role="alert" className="p-8 text-lg">
          {t("studio.scoreFailed")}
        </p>
      )}
      <div ref={sheet} role="img" aria-label={t("studio.scoreOf", { title: mashup.title, key: formatKey(mashup.score.key, language, noteNames), bars: mashup.score.bars })} />
    </div>
  );
}

function useEngraving(
  musicxml: string | undefined,
  wanted: Wanted,
  scale: number,
  noteNames: NoteNames,
  sheet: React.RefObject<HTMLDivElement | null>,
  setLights: (lights: ScoreLights | undefined) => void,
  setFailed: (failed: boolean) => void,
) {
  const [width, setWidth] = useState(0);
  const engraver = useRef<Engraver>(undefined);

  useEffect(() => {
    const node = sheet.current;
    if (!node) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let first = true;
    const observer = new ResizeObserver(([entry]) => {
      clearTimeout(timer);
      timer = setTimeout(() => setWidth(Math.round(entry?.contentRect.width ?? 0)), first ? 0 : 120);
      first = false;
    });
    observer.observe(node);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [sheet]);

  useEffect(() => {
    const made = new Engraver((engraved) => {
      const drawings = "pages" in engraved ? engraved.pages.flatMap((page) => cleanDrawing(page) ?? []) : [];
      const [drawing] = drawings;
      if (!drawing || !sheet.current) {
        setFailed(true);
        return;
      }
      for (const page of drawings) letter(page, (symbol) => formatChord(symbol, noteNames));
      sheet.current.replaceChildren(...drawings);
      setFailed(false);
      // The width of a text is known once its font is there.
      void document.fonts.ready.then(() => {
        for (const page of drawings) if (page.isConnected) fit(page);
      });
      setLights(new ScoreLights(drawing));
    });
    engraver.current = made;
    return () => made.close();
  }, [sheet, noteNames, setLights, setFailed]);

  useEffect(() => {
    if (!musicxml || width < 50) return;
    engraver.current?.engrave({ musicxml: asWanted(musicxml, wanted), width, scale });
  }, [musicxml, width, scale, wanted, noteNames]);
}

/** Keeps the lights as the state of the studio says. */
function useLights(lights: ScoreLights | undefined, scroller: React.RefObject<HTMLDivElement | null>) {
  const store = useStudioStore();
  const lit = useStudio((state) => state.lit);
  const selected = useStudio((state) => state.selected);
  const tinted = useStudio((state) => state.tinted);
  const theme = useSettings((state) => state.theme);

  useEffect(() => {
    if (!lights) return;
    const { timeline } = store.getState();
    const indices = (lit?.bars ?? []).map((number) => timeline.bars.findIndex((bar) => bar.number === number));
    const first = lights.point(indices, lit?.notes ?? []);
    if (first && scroller.current) reveal(scroller.current, first);
  }, [lights, lit, store, scroller]);

  useEffect(() => {
    const note = lights?.select(selected);
    if (note && scroller.current && store.getState().status !== "playing") reveal(scroller.current, note);
  }, [lights, selected, store, scroller]);

  useEffect(() => {
    if (!lights) return;
    const state = store.getState();
    const byId = new Map(state.timeline.notes.map((note) => [note.id, note]));
    lights.tint(tinted ? (id) => originColour(state, byId.get(id)) : undefined);
  }, [lights, tinted, theme, store]);
}
