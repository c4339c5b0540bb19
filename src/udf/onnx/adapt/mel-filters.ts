/*
 * The mel scale, which spaces pitches as people hear them, and the triangular filters that sum a spectrum into its bands.
 */

/** From Hz to mel and back. */
interface Scale {
  readonly toMel: (hertz: number) => number;
  readonly toHertz: (mel: number) => number;
}

/** Slaney's scale is linear up to here, in Hz, and logarithmic from here on. */
const CORNER = 1000;
const HERTZ_PER_MEL = 200 / 3;
/** A step of the logarithmic part: 27 of them are a factor of 6.4. */
const LOG_STEP = Math.log(6.4) / 27;

const SCALES: Readonly<Record<'slaney' | 'htk', Scale>> = {
  /** Slaney, Auditory Toolbox version 2, 1998, https://engineering.purdue.edu/~malcolm/interval/1998-010/ */
  slaney: {
    toMel: hertz =>
      hertz < CORNER ? hertz / HERTZ_PER_MEL : CORNER / HERTZ_PER_MEL + Math.log(hertz / CORNER) / LOG_STEP,
    toHertz: mel => {
      const corner = CORNER / HERTZ_PER_MEL;
      return mel < corner ? mel * HERTZ_PER_MEL : CORNER * Math.exp((mel - corner) * LOG_STEP);
    },
  },
  /** O'Shaughnessy, Speech Communication: Human and Machine, 1987, as the Hidden Markov Model Toolkit has it. */
  htk: {
    toMel: hertz => 2595 * Math.log10(1 + hertz / 700),
    toHertz: mel => 700 * (10 ** (mel / 2595) - 1),
  },
};

/** Which filters to make. */
export interface FilterOptions {
  readonly fftSize: number;
  readonly bands: number;
  /** Hz: where the first filter begins and the last one ends. */
  readonly low: number;
  readonly high: number;
  readonly scale: 'slaney' | 'htk';
}

/**
 * Filters `[bands, fftSize / 2 + 1]`, row after row: the weight that each frequency of a spectrum has in each band. A
 * filter rises in a straight line from the centre of the one before it, and falls to the centre of the one after. Slaney's
 * have an area of 1 over Hz, as librosa and Whisper have them; HTK's have a height of 1, as HTK and torchaudio have them.
 */
export function melFilters(options: FilterOptions, sampleRate: number): Float64Array {
  const { fftSize, bands, low, high, scale } = options;
  const { toMel, toHertz } = SCALES[scale];
  const [first, last] = [toMel(low), toMel(high)];
  const corners = Array.from({ length: bands + 2 }, (_, index) =>
    toHertz(first + ((last - first) * index) / (bands + 1)),
  );
  const frequencies = Math.floor(fftSize / 2) + 1;
  const filters = new Float64Array(bands * frequencies);
  for (let band = 0; band < bands; band++) {
    const [begin, centre, end] = [corners[band]!, corners[band + 1]!, corners[band + 2]!];
    const height = scale === 'slaney' ? 2 / (end - begin) : 1;
    for (let bin = 0; bin < frequencies; bin++) {
      const hertz = (bin * sampleRate) / fftSize;
      const weight = Math.min((hertz - begin) / (centre - begin), (end - hertz) / (end - centre));
      filters[band * frequencies + bin] = Math.max(0, weight) * height;
    }
  }
  return filters;
}
