import { seatOf } from "./families";
import { roomImpulse } from "./reverb";
import type { TimelinePart } from "./timeline";

/** What the listener set for one part. */
export interface Fader {
  /** 0 to 1; 0.8 is the usual place. */
  volume: number;
  muted: boolean;
  solo: boolean;
}

export const USUAL_VOLUME = 0.8;

/** Which parts are heard: a solo silences all that are not solo, a mute always silences. */
export function audible(faders: readonly Fader[]): boolean[] {
  const solo = faders.some((fader) => fader.solo);
  return faders.map((fader) => !fader.muted && (!solo || fader.solo));
}

interface Strip {
  input: GainNode;
  fader: GainNode;
}

/**
 * The mixing desk: a strip for each part (low cut, fader, place, send to the room), a glue compressor, and a limiter
 * that keeps the sum below full scale. `analyser` hears exactly what the loudspeakers get.
 */
export class Desk {
  readonly analyser: AnalyserNode;
  readonly click: GainNode;
  private readonly strips: Strip[];
  private readonly context: BaseAudioContext;

  constructor(context: BaseAudioContext, parts: readonly TimelinePart[]) {
    this.context = context;
    this.analyser = new AnalyserNode(context, { fftSize: 2048 });
    const limiter = new DynamicsCompressorNode(context, { threshold: -3, knee: 0, ratio: 20, attack: 0.002, release: 0.12 });
    const glue = new DynamicsCompressorNode(context, { threshold: -20, knee: 14, ratio: 2.2, attack: 0.02, release: 0.22 });
    const master = new GainNode(context, { gain: 0.7 });
    master.connect(glue).connect(limiter).connect(this.analyser).connect(context.destination);

    const room = new ConvolverNode(context, { buffer: roomImpulse(context) });
    room.connect(new BiquadFilterNode(context, { type: "highpass", frequency: 220 })).connect(new GainNode(context, { gain: 0.8 })).connect(master);

    this.click = new GainNode(context, { gain: 0.5 });
    this.click.connect(master);
    this.strips = parts.map((part, place) => this.strip(part, place, master, room));
  }

  /** Where notes of a part go in. */
  input(part: number): AudioNode {
    return this.strips[part]?.input ?? this.click;
  }

  /** Moves the faders, without a click in the loudspeaker. */
  set(faders: readonly Fader[]): void {
    const heard = audible(faders);
    this.strips.forEach((strip, i) => {
      const volume = heard[i] ? ((faders[i]?.volume ?? USUAL_VOLUME) / USUAL_VOLUME) ** 2 : 0;
      strip.fader.gain.setTargetAtTime(volume, this.context.currentTime, 0.02);
    });
  }

  private strip(part: TimelinePart, place: number, master: AudioNode, room: AudioNode): Strip {
    const seat = seatOf(part.role, place);
    const { context } = this;
    const input = new GainNode(context, { gain: seat.gain });
    const cut = new BiquadFilterNode(context, { type: "highpass", frequency: seat.lowCut });
    const fader = new GainNode(context, { gain: 1 });
    const pan = new StereoPannerNode(context, { pan: seat.pan });
    input.connect(cut).connect(fader).connect(pan);
    pan.connect(master);
    pan.connect(new GainNode(context, { gain: seat.reverb })).connect(room);
    return { input, fader };
  }
}
