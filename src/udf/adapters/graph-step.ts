import type { AnomalyAdapter, ImageAdapter, MelOptions } from './adapter.js';

/*
 * What adapters compute is put into the graph as operators before and after the network (DESIGN section 2). A step is one
 * such edit as plain data (Rule 3); apply-steps.ts carries it out.
 */

export type GraphStep =
  /** The input takes bytes `[N, height, width, channels]`. */
  | ({
      readonly kind: 'pictureInput';
      readonly input: string;
      readonly layout: 'NCHW' | 'NHWC';
    } & Pick<ImageAdapter, 'channels' | 'range' | 'mean' | 'std'>)
  /** The input takes a waveform `[N, samples]` and the network gets its spectrogram. */
  | { readonly kind: 'melInput'; readonly input: string; readonly mel: MelOptions; readonly sampleRate: number }
  /** Each row of the input to zero mean and unit variance. */
  | { readonly kind: 'normalizeInput'; readonly input: string }
  /** The input is no longer fed: it holds one value, as many rows and sizes as `like` has. */
  | { readonly kind: 'constantInput'; readonly input: string; readonly value: 0 | 1; readonly like: string }
  | { readonly kind: 'flatten'; readonly output: string }
  | {
      readonly kind: 'activation';
      readonly output: string;
      readonly activation: 'softmax' | 'sigmoid' | 'exp';
      readonly axis: number;
    }
  /** `output` becomes `output/scores` and `output/classes`. */
  | { readonly kind: 'topK'; readonly output: string; readonly count: number }
  /** The same for each token. */
  | { readonly kind: 'bestOfTokens'; readonly output: string }
  | {
      readonly kind: 'pool';
      readonly output: string;
      readonly mode: 'mean' | 'cls' | 'max';
      /** The attention mask, where tokens are pooled. */
      readonly mask: string | undefined;
    }
  | { readonly kind: 'normalize'; readonly output: string }
  | {
      readonly kind: 'affine';
      readonly output: string;
      readonly scale: readonly number[];
      readonly offset: readonly number[];
    }
  | {
      readonly kind: 'reconstructionError';
      readonly output: string;
      readonly input: string;
      readonly error: AnomalyAdapter['error'];
    };
