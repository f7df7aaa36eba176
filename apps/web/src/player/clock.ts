/** A stretch of the piece that repeats, in quarter notes. */
export interface Loop {
  from: number;
  to: number;
}

/**
 * Where the piece is at a moment of the audio clock. Positions are quarter notes, moments are seconds of the audio
 * context. It is a straight line through an anchor, bent back at the end of a loop; it knows nothing of sound.
 */
export class Clock {
  private readonly anchor: number;
  private readonly since: number;

  constructor(
    position: number,
    since: number,
    /** Quarter notes a second. */
    readonly rate: number,
    readonly loop: Loop | undefined,
  ) {
    this.anchor = position;
    this.since = since;
  }

  /** The position, with loops folded in, at audio time `moment`. */
  position(moment: number): number {
    // During a count-in the anchor lies in the future: the piece waits at its starting place.
    const straight = Math.max(this.anchor, this.straight(moment));
    const { loop } = this;
    if (!loop || straight < loop.to || this.anchor >= loop.to) return straight;
    return loop.from + ((straight - loop.from) % (loop.to - loop.from));
  }

  /** The position as if nothing repeated: it only ever grows, so a scheduler can walk along it. */
  straight(moment: number): number {
    return this.anchor + (moment - this.since) * this.rate;
  }

  /** When the unrepeated position `straight` is reached. */
  moment(straight: number): number {
    return this.since + (straight - this.anchor) / this.rate;
  }

  /**
   * The pieces of music between two unrepeated positions: each with its place in the piece and how far it is shifted,
   * so that a note at `p` sounds at `moment(p + shift)`.
   */
  spans(from: number, to: number): { from: number; to: number; shift: number }[] {
    const { loop } = this;
    if (!loop || this.anchor >= loop.to) return to > from ? [{ from, to, shift: 0 }] : [];
    const length = loop.to - loop.from;
    const spans: { from: number; to: number; shift: number }[] = [];
    let at = from;
    while (at < to - 1e-9) {
      const round = at < loop.to - 1e-9 ? 0 : Math.floor((at - loop.from + 1e-9) / length);
      const shift = round * length;
      const end = Math.min(to, loop.to + shift);
      spans.push({ from: at - shift, to: end - shift, shift });
      at = end;
    }
    return spans;
  }
}
