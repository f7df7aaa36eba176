/** Something that sounds or will sound and can be taken back. */
export interface Sounding {
  /** When it is over, in audio time. */
  until: number;
  /** Silences it within a few milliseconds, or before it starts. */
  cut: (moment: number) => void;
}

export interface Strike {
  context: BaseAudioContext;
  out: AudioNode;
  /** Audio time at which it starts. */
  when: number;
  /** Seconds that it is held. */
  length: number;
  /** 1 to 127. */
  velocity: number;
}

/** Loudness for a MIDI velocity: a curve between square law and what samplers usually do. */
export function loudness(velocity: number): number {
  return Math.min(1, Math.max(0.02, velocity / 127)) ** 1.6;
}

export interface SampledOptions {
  buffer: AudioBuffer;
  /** Playback rate, for a pitch beside the rendered one. */
  speed: number;
  /** Seconds in which a note dies away when it is let go; none for what rings as long as it likes. */
  release: number | undefined;
  /** The cut-off of the softest stroke, in hertz: strings get much darker, cymbals hardly. */
  darkest: number;
}

/** Plays rendered samples: softer strokes are darker, and the note is damped when it is let go. */
export function playSampled(strike: Strike, { buffer, speed, release, darkest }: SampledOptions): Sounding {
  const { context, out, when, velocity } = strike;
  const source = new AudioBufferSourceNode(context, { buffer, playbackRate: speed });
  const tone = new BiquadFilterNode(context, { type: "lowpass", frequency: darkest + 17_000 * (velocity / 127) ** 2, Q: 0.3 });
  const gain = new GainNode(context, { gain: loudness(velocity) });
  source.connect(tone).connect(gain).connect(out);
  source.start(when);
  const natural = when + buffer.duration / speed;
  let until = natural;
  if (release !== undefined) {
    const end = when + Math.max(strike.length, 0.05);
    gain.gain.setTargetAtTime(0, end, release / 3);
    until = Math.min(natural, end + release * 2);
    source.stop(until);
  }
  return {
    until,
    cut: (moment) => {
      gain.gain.cancelScheduledValues(moment);
      gain.gain.setTargetAtTime(0, moment, 0.012);
      source.stop(Math.max(moment + 0.08, 0));
    },
  };
}
