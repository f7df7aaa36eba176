import type { Player, Status } from "@/player/player";
import type { Timeline } from "@/player/timeline";

/** A part of the piece, in quarter notes. */
export interface Stretch {
  from: number;
  to: number;
}

/** What a tour needs of a player. */
type Guided = Pick<Player, "pause" | "seek" | "play" | "position">;

/** How many bars may lie between two that are pointed to without parting the music there. */
const BRIDGED = 1;

/** The stretches that some bars cover, each without a gap that would be heard as waiting; the whole piece when there are none. */
export function stretchesOf(timeline: Pick<Timeline, "bars" | "end">, bars: readonly number[]): Stretch[] {
  const runs: { from: number; to: number; last: number }[] = [];
  for (const [i, bar] of timeline.bars.entries()) {
    if (!bars.includes(bar.number)) continue;
    const run = runs.at(-1);
    const to = bar.start + bar.length;
    if (run && i - run.last <= BRIDGED + 1) Object.assign(run, { to, last: i });
    else runs.push({ from: bar.start, to, last: i });
  }
  return runs.length > 0 ? runs.map(({ from, to }) => ({ from, to })) : [{ from: 0, to: timeline.end }];
}

/** Plays stretches one after the other, until somebody does something else with the player. */
export class Tour {
  private readonly player: Guided;
  private left: Stretch[] = [];
  private now: Stretch | undefined;

  constructor(player: Guided) {
    this.player = player;
  }

  start(stretches: readonly Stretch[]): void {
    this.leave();
    this.player.pause();
    this.left = [...stretches];
    this.next();
  }

  leave(): void {
    this.left = [];
    this.now = undefined;
  }

  /** To be told of every change of the player's status. */
  heard(status: Status): void {
    const { now } = this;
    if (status === "playing" || !now) return;
    // At the end of the piece the player goes back to its start by itself.
    if (status === "stopped" || this.player.position() >= now.to - 1e-3) this.next();
    else this.leave();
  }

  private next(): void {
    this.now = undefined;
    const next = this.left.shift();
    if (!next) return;
    this.player.seek(next.from);
    this.now = next;
    void this.player.play({ until: next.to });
  }
}
