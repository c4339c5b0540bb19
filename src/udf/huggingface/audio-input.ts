import type { AudioAdapter, MelOptions } from '../adapters/adapter.js';
import type { Configured } from './image-input.js';
import type { Settings } from './json.js';

/** What every adapter of sound made of a folder has; where paths may lead is for the caller to widen. */
function commonParts(): Pick<AudioAdapter, 'adapter' | 'maxSeconds' | 'source'> {
  const hosts: readonly string[] = Object.freeze([]);
  const source = Object.freeze({ folder: process.cwd(), hosts, maxBytes: 256 * 1024 * 1024 });
  return { adapter: 'audio', maxSeconds: 600, source };
}

/**
 * How sound is fed, as a `preprocessor_config.json` says it.
 *
 * Sources: transformers' `feature_extraction_wav2vec2.py` and `feature_extraction_whisper.py`.
 *
 * @throws InframeError MODEL_UNSUPPORTED for front ends that the adapter of sound does not have
 */
export function audioInput(settings: Settings, modelType: string | undefined): Configured<AudioAdapter> {
  const kind = settings.text('feature_extractor_type')?.replace(/FeatureExtractor$/, '') ?? byModelType(modelType);
  if (kind === 'Wav2Vec2') return waveform(settings);
  if (kind === 'Whisper') return whisper(settings);
  throw settings.unsupported(
    'feature_extractor_type',
    kind === 'AST'
      ? "Kaldi's filter bank with pre-emphasis and windows of 25 ms, which the adapter of sound does not compute"
      : 'which is not known here',
    'those that are: Wav2Vec2FeatureExtractor, WhisperFeatureExtractor; or feed the network features that you computed, as columns',
  );
}

function byModelType(modelType: string | undefined): string | undefined {
  const waves = ['wav2vec2', 'hubert', 'wavlm', 'unispeech', 'unispeech-sat', 'data2vec-audio', 'sew', 'sew-d'];
  if (modelType === 'whisper') return 'Whisper';
  return modelType !== undefined && waves.includes(modelType) ? 'Wav2Vec2' : undefined;
}

function waveform(settings: Settings): Configured<AudioAdapter> {
  const features = settings.whole('feature_size', 1) ?? 1;
  if (features !== 1) throw settings.unsupported('feature_size', 'and a waveform has one', 'feed the network columns');
  return {
    adapter: Object.freeze({
      ...commonParts(),
      sampleRate: settings.whole('sampling_rate', 1) ?? 16_000,
      samples: undefined,
      normalize: settings.flag('do_normalize') ?? true,
      mel: undefined,
    }),
    notes: [],
  };
}

/** Frames of 25 ms every 10 ms in 80 or 128 bands, of 30 s whatever the length of the sound. */
function whisper(settings: Settings): Configured<AudioAdapter> {
  const sampleRate = settings.whole('sampling_rate', 1) ?? 16_000;
  const seconds = settings.whole('chunk_length', 1) ?? 30;
  const dither = settings.number('dither') ?? 0;
  if (dither !== 0)
    throw settings.unsupported('dither', 'noise, which would make answers differ from run to run', 'set it to 0');
  const padding = settings.number('padding_value') ?? 0;
  if (padding !== 0)
    throw settings.unsupported('padding_value', 'and sound is filled up with silence here', 'set it to 0');
  const mel: MelOptions = Object.freeze({
    fftSize: settings.whole('n_fft', 1) ?? 400,
    hop: settings.whole('hop_length', 1) ?? 160,
    bands: settings.whole('feature_size', 1) ?? 80,
    low: 0,
    // Fixed in transformers, whatever the rate.
    high: 8000,
    scale: 'slaney',
    power: 2,
    log: 'whisper',
    layout: 'bands-first',
    center: true,
  });
  return {
    adapter: Object.freeze({
      ...commonParts(),
      sampleRate,
      samples: seconds * sampleRate,
      normalize: settings.flag('do_normalize') ?? false,
      mel,
    }),
    notes: [`sound is cut, or filled with silence, to ${seconds} s, as the network takes it`],
  };
}
