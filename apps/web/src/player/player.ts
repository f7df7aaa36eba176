import { recipesOf } from "./bank";
import { Clock, type Loop } from "./clock";
import { Desk, type Fader } from "./desk";
import { click, strike } from "./instruments";
import { SampleStore } from "./sample-store";
import { countIn, dueClicks, dueNotes } from "./schedule";
import type { PlayNote, Timeline } from "./timeline";
import type { Sounding } from "./voices/sampled";

/**
 * How far ahead notes are handed to the audio thread, in seconds. It plays them on its own, so the page may be busy for
 * almost this long, or be a throttled background tab, and nobody hears it.
 */
const AHEAD = 1.3;
const TICK = 80;
/** Enough for the first notes to be set up before they sound. */
const LEAD = 0.06;

export type Status = "stopped" | "playing" | "paused";

export interface PlayOptions {
  /** Where to stop by itself, in quarter notes; the end of the piece when absent. */
  until?: number;
  countIn?: boolean;
}

/** Plays a timeline. Knows nothing of React; tells of changes by `onStatus`. */
export class Player {
  onStatus: (status: Status) => void = () => undefined;
  readonly timeline: Timeline;
  private readonly samples = new SampleStore();
  private context: AudioContext | undefined;
  private desk: Desk | undefined;
  private clock: Clock | undefined;
  private resting = 0;
  private walked = 0;
  private until = Infinity;
  private timer: ReturnType<typeof setInterval> | undefined;
  private sounding: Sounding[] = [];
  private faders: readonly Fader[] = [];
  private loop: Loop | undefined;
  private tempo = 1;
  private metronome = false;

  constructor(timeline: Timeline) {
    this.timeline = timeline;
  }

  /** Renders the instruments' samples; may be called long before the first sound. */
  prepare(): Promise<void> {
    return this.samples.prepare(recipesOf(this.timeline));
  }

  get status(): Status {
    if (this.clock) return "playing";
    return this.resting > 0 ? "paused" : "stopped";
  }

  /** Where the music is, in quarter notes, as it leaves the loudspeaker. */
  position(): number {
    if (!this.clock || !this.context) return this.resting;
    const heard = this.context.currentTime - this.context.outputLatency;
    return Math.min(this.timeline.end, this.clock.position(heard));
  }

  /** The level of what is heard, as root mean square from 0 to 1. */
  level(): number {
    if (!this.desk) return 0;
    const samples = new Float32Array(this.desk.analyser.fftSize);
    this.desk.analyser.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  }

  /** Starts at the place where it rests. Must first be called from a gesture of the user, as browsers ask. */
  async play(options: PlayOptions = {}): Promise<void> {
    const { context } = this.open();
    await context.resume();
    if (this.resting >= Math.min(this.timeline.end, options.until ?? Infinity) - 1e-6) this.resting = this.loop?.from ?? 0;
    this.begin(options);
  }

  pause(): void {
    const at = this.position();
    this.halt();
    this.resting = at;
    this.onStatus(this.status);
  }

  stop(): void {
    this.halt();
    this.resting = 0;
    this.onStatus("stopped");
  }

  /** Goes to a place; keeps playing if it was. */
  seek(position: number): void {
    const playing = this.clock !== undefined;
    this.halt();
    this.resting = Math.min(Math.max(0, position), this.timeline.end);
    if (playing) this.begin({});
    else this.onStatus(this.status);
  }

  setLoop(loop: Loop | undefined): void {
    this.loop = loop;
    this.again();
  }

  /** 1 is the composed tempo. Pitch stays: notes are played anew, not stretched. */
  setTempo(factor: number): void {
    this.tempo = Math.min(2, Math.max(0.25, factor));
    this.again();
  }

  setMetronome(on: boolean): void {
    this.metronome = on;
    this.again();
  }

  setFaders(faders: readonly Fader[]): void {
    this.faders = faders;
    this.desk?.set(faders);
  }

  /** Sounds one note now, whatever else is playing. */
  async audition(note: PlayNote): Promise<void> {
    await this.phrase([{ ...note, at: 0, length: Math.max(note.length, 0.4 * this.rate()) }]);
  }

  /** Sounds a few notes that need not be in the piece, from now on; their times count from 0. */
  async phrase(notes: readonly PlayNote[]): Promise<void> {
    const { context, desk } = this.open();
    await context.resume();
    const start = context.currentTime + LEAD;
    for (const note of notes) {
      const part = this.timeline.parts[note.part];
      if (part) this.sounding.push(...strike(desk, this.samples, part, note, start + note.at / this.rate(), note.length / this.rate(), context));
    }
  }

  close(): void {
    this.halt();
    this.samples.close();
    void this.context?.close();
    this.context = undefined;
    this.desk = undefined;
  }

  private rate(): number {
    return (this.timeline.bpm * this.tempo) / 60;
  }

  private open(): { context: AudioContext; desk: Desk } {
    this.context ??= new AudioContext({ latencyHint: "playback" });
    this.desk ??= new Desk(this.context, this.timeline.parts);
    this.desk.set(this.faders);
    return { context: this.context, desk: this.desk };
  }

  private begin(options: PlayOptions): void {
    const { context, desk } = this.open();
    this.halt();
    const lead = options.countIn ? countIn(this.timeline, this.resting, this.rate()) : { clicks: [], length: 0 };
    const start = context.currentTime + LEAD;
    for (const { when, accent } of lead.clicks) this.sounding.push(click(context, desk.click, start + when, accent));
    const loop = this.loop && this.resting < this.loop.to && options.until === undefined ? this.loop : undefined;
    this.clock = new Clock(this.resting, start + lead.length, this.rate(), loop);
    this.until = options.until ?? this.timeline.end;
    this.walked = this.resting;
    this.tick();
    this.timer = setInterval(() => this.tick(), TICK);
    this.onStatus("playing");
  }

  /** Starts anew at the present place after a setting has changed, so that nothing scheduled is stale. */
  private again(): void {
    if (!this.clock) return;
    const until = this.until;
    this.resting = this.position();
    this.begin(until < this.timeline.end ? { until } : {});
  }

  private tick(): void {
    const { clock, context, desk } = this;
    if (!clock || !context || !desk) return;
    const now = context.currentTime;
    this.sounding = this.sounding.filter((sound) => sound.until > now);
    const limit = clock.loop ? Infinity : this.until;
    const ahead = Math.min(limit, clock.straight(now + AHEAD));
    if (ahead > this.walked) {
      for (const { note, when, length } of dueNotes(this.timeline, clock, this.walked, ahead)) {
        const part = this.timeline.parts[note.part];
        if (part) this.sounding.push(...strike(desk, this.samples, part, note, Math.max(when, now), length, context));
      }
      if (this.metronome) {
        for (const { when, accent } of dueClicks(this.timeline, clock, this.walked, ahead)) this.sounding.push(click(context, desk.click, when, accent));
      }
      this.walked = ahead;
    }
    if (clock.straight(now) >= limit) this.finish();
  }

  /** The end was reached: what still rings may ring out. */
  private finish(): void {
    const ended = this.until >= this.timeline.end - 1e-6;
    this.sounding = [];
    const at = this.until;
    this.halt();
    this.resting = ended ? 0 : at;
    this.onStatus(this.status);
  }

  private halt(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    const now = this.context?.currentTime ?? 0;
    for (const sound of this.sounding) sound.cut(now);
    this.sounding = [];
    this.clock = undefined;
  }
}
