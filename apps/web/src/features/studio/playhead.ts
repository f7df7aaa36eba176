import { useEffect, useRef, useState } from "react";
import { useStudio } from "./state";

/**
 * Calls `draw` with the position on every frame while the music plays, and once after every jump and whenever the
 * `surface` that it draws on is another one.
 */
export function useFrames(draw: (position: number) => void, surface?: unknown): void {
  const player = useStudio((state) => state.player);
  const status = useStudio((state) => state.status);
  const moved = useStudio((state) => state.moved);
  const latest = useRef(draw);
  useEffect(() => {
    latest.current = draw;
  });
  useEffect(() => {
    let frame = 0;
    const run = () => {
      latest.current(player.position());
      if (status === "playing") frame = requestAnimationFrame(run);
    };
    run();
    return () => cancelAnimationFrame(frame);
  }, [player, status, moved, surface]);
}

/** What `select` makes of the position; renders again only when that changes. */
export function usePlayhead<T>(select: (position: number) => T): T {
  const player = useStudio((state) => state.player);
  const [value, setValue] = useState(() => select(player.position()));
  useFrames((position) => setValue(select(position)));
  return value;
}
