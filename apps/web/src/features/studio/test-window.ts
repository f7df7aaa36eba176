import type { Player } from "@/player/player";

declare global {
  interface Window {
    /** See `exposeAudio`. */
    __eduaiAudio?: { level: () => number; position: () => number; status: () => string };
  }
}

/**
 * Lets a browser test hear: whether sound really leaves the audio graph cannot be seen on the page, so the level of its
 * last node can be read here. It only tells; nothing can be changed through it.
 */
export function exposeAudio(player: Player): () => void {
  const window_ = window;
  window_.__eduaiAudio = { level: () => player.level(), position: () => player.position(), status: () => player.status };
  return () => {
    delete window_.__eduaiAudio;
  };
}
