import { noise } from "./recipes/dsp";

/**
 * The room: an impulse response made of a few early reflections and a dense tail whose high frequencies die first, as
 * they do in a small hall. Made once for a context; about two seconds long.
 */
export function roomImpulse(context: BaseAudioContext, length = 2.1): AudioBuffer {
  const rate = context.sampleRate;
  const buffer = context.createBuffer(2, Math.round(length * rate), rate);
  for (let channel = 0; channel < 2; channel += 1) {
    const samples = buffer.getChannelData(channel);
    const next = noise(101 + channel * 977);
    let smooth = 0;
    for (let i = 0; i < samples.length; i += 1) {
      const t = i / rate;
      const open = Math.exp(-t * 2.2);
      smooth += (next() - smooth) * (0.1 + 0.75 * open);
      const rise = Math.min(1, t / 0.03);
      samples[i] = smooth * rise * Math.exp((-6.9 * t) / length);
    }
    for (const [at, gain] of [[0.013, 0.6], [0.019, 0.45], [0.027, 0.38], [0.037, 0.28]] as const) {
      const place = Math.round((at + channel * 0.0023) * rate);
      samples[place] = (samples[place] ?? 0) + gain;
    }
  }
  return buffer;
}
