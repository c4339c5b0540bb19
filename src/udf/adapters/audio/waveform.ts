import { decodeAudio } from './decode.js';
import { checkSize } from './limits.js';
import { resample, resampledLength, toMono } from './resample.js';

/** What the network wants of a row. */
export interface WaveformSettings {
  /** Samples a second. */
  readonly sampleRate: number;
  /** Longer sound is cut, shorter filled with zeros; undefined for as long as it is. */
  readonly samples: number | undefined;
  /** Longer sound is not decoded. */
  readonly maxSeconds: number;
}

/**
 * A file of sound as the waveform that a network takes: one channel, at the network's rate, of the network's length.
 *
 * @param bytes a whole file of WAV, MP3 or FLAC
 * @throws ValueError as {@link decodeAudio} does, and where the waveform would be too large to hold
 */
export async function encodeAudio(
  bytes: Uint8Array,
  { sampleRate, samples, maxSeconds }: WaveformSettings,
): Promise<Float32Array> {
  const sound = await decodeAudio(bytes, maxSeconds);
  const length = sound.channels[0]!.length;
  checkSize(
    Math.min(resampledLength(length, sound.sampleRate, sampleRate), samples ?? Infinity),
    1,
    sampleRate,
    Infinity,
  );
  const waveform = resample(toMono(sound.channels), sound.sampleRate, sampleRate, samples);
  if (samples === undefined || waveform.length === samples) return waveform;
  if (waveform.length > samples) return waveform.slice(0, samples);
  const padded = new Float32Array(samples);
  padded.set(waveform);
  return padded;
}
