import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { playbackQuery } from "@/api/queries";
import type { Source, SourcePlayback } from "@/api/types";
import { exposeAudio } from "@/features/studio/test-window";
import type { Player } from "@/player/player";
import { pickups, playableOf } from "./facts";

interface Sounding {
  player: Player;
  /** The index of the bar that sounds, counted as the facts count. */
  bar: () => number;
  end: () => void;
}

export interface Preview {
  /** The piece that was asked to sound. */
  id: string | undefined;
  /** The index of its bar that sounds; -1 before the first. */
  bar: number;
  toggle: (source: Source) => void;
  stop: () => void;
}

/** The player is not part of the first page: it is fetched with the first piece that is heard. */
async function open(source: Source, notes: Promise<SourcePlayback>): Promise<Sounding> {
  const [{ Player }, { timelineOf }, { USUAL_VOLUME }, playback] = await Promise.all([import("@/player/player"), import("@/player/timeline"), import("@/player/desk"), notes]);
  const timeline = timelineOf(playableOf(playback, source.facts));
  const player = new Player(timeline);
  player.setFaders(timeline.parts.map(() => ({ volume: USUAL_VOLUME, muted: false, solo: false })));
  void player.prepare();
  const hide = exposeAudio(player);
  const before = pickups(playback);
  return {
    player,
    bar: () => timeline.bars.findLastIndex((bar) => bar.start <= player.position() + 1e-6) - before,
    end: () => {
      hide();
      player.close();
    },
  };
}

/** Plays one piece at a time, from its start, through the player of the studio. */
export function usePreview(onFailure: (error: unknown) => void): Preview {
  const queries = useQueryClient();
  const [id, setId] = useState<string>();
  const [bar, setBar] = useState(-1);
  const sounding = useRef<Sounding>(undefined);
  const turn = useRef(0);

  const stop = useCallback(() => {
    turn.current += 1;
    sounding.current?.end();
    sounding.current = undefined;
    setId(undefined);
    setBar(-1);
  }, []);
  useEffect(() => stop, [stop]);

  const play = useCallback(
    async (source: Source) => {
      stop();
      const mine = turn.current;
      setId(source.id);
      try {
        const opened = await open(source, queries.query(playbackQuery(source.id)));
        if (mine !== turn.current) {
          opened.end();
          return;
        }
        sounding.current = opened;
        opened.player.onStatus = (status) => {
          if (status !== "playing" && mine === turn.current) stop();
        };
        await opened.player.play();
        const follow = () => {
          if (mine !== turn.current) return;
          setBar(opened.bar());
          requestAnimationFrame(follow);
        };
        follow();
      } catch (error) {
        if (mine !== turn.current) return;
        stop();
        onFailure(error);
      }
    },
    [queries, stop, onFailure],
  );

  return { id, bar, stop, toggle: (source) => (id === source.id ? stop() : void play(source)) };
}
