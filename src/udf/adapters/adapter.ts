/*
 * What a person says of a model's inputs and outputs, as plain frozen data (Rule 3): `image({ width: 224 })` gives an
 * `ImageAdapter`. Makers (`image()`, `text()`, ...) check what they are given; what an adapter then becomes (operators of
 * the graph, and what a worker does to a value) is decided when the model is loaded.
 */

/** How the values of a column become an input of a network. */
export type InputAdapter = ImageAdapter | TextAdapter | AudioAdapter;

/** How outputs of a network become a column. */
export type OutputAdapter =
  | ClassificationAdapter
  | RegressionAdapter
  | EmbeddingAdapter
  | DetectionAdapter
  | TokensAdapter
  | AnomalyAdapter
  | RawAdapter;

/** Where bytes of a column of paths or URLs may come from. Nothing outside is opened, whatever the table says. */
export interface ContentSource {
  /** The folder that paths are relative to and must not leave; absolute. */
  readonly folder: string;
  /** Hosts that http(s) URLs may name; none where the list is empty. */
  readonly hosts: readonly string[];
  /** A value of more bytes than this is a failed row. */
  readonly maxBytes: number;
}

/**
 * Pictures: bytes of JPEG, PNG, WebP, GIF, TIFF or AVIF, paths, URLs, or Spark's image struct.
 *
 * A pixel goes through: decode, turn as its EXIF data says, resize, crop or pad, order of channels, then in the graph
 * `(low + pixel / 255 * (high - low) - mean) / std`.
 */
export interface ImageAdapter {
  readonly adapter: 'image';
  /** Pixels; undefined where the network's signature says it, or takes any size. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  /**
   * `exact`: to width x height, whatever the shape was. `shorter`: the shorter side to `shorterSide`, then a crop of
   * width x height. `letterbox`: as large as fits into width x height, the rest filled with `background`. `none`: as it is.
   */
  readonly resize: 'exact' | 'shorter' | 'letterbox' | 'none';
  readonly shorterSide: number | undefined;
  /** Which part of the picture a crop keeps. */
  readonly crop: 'center' | 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';
  readonly kernel: 'nearest' | 'bilinear' | 'bicubic' | 'lanczos';
  readonly channels: 'RGB' | 'BGR' | 'grey';
  /** What pixel values 0 and 255 become, before mean and deviation. */
  readonly range: readonly [low: number, high: number];
  /** One a channel, in the order the network takes them; empty for none. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Undefined where the signature says it (the dimension of 1 or 3). */
  readonly layout: 'NCHW' | 'NHWC' | undefined;
  /** RGB, 0 to 255: behind letterboxes, and behind transparent pixels where `alpha` is `'blend'`. */
  readonly background: readonly [number, number, number];
  /** `drop`: the colours as stored, as Pillow's convert('RGB') does. */
  readonly alpha: 'drop' | 'blend';
  /** A picture of more pixels than this is a failed row, and is not decoded. */
  readonly maxPixels: number;
  readonly source: ContentSource;
}

/** Texts, or pairs of texts, as token ids; feeds ids, attention mask and token types as the signature asks. */
export interface TextAdapter {
  readonly adapter: 'text';
  /** Absolute path of a Hugging Face `tokenizer.json`. */
  readonly tokenizer: string;
  /** Of the file; a worker that reads something else refuses to use it. */
  readonly sha256: string;
  /** Tokens a row at most, special tokens included; undefined for what the tokenizer or the signature says, else 512. */
  readonly maxLength: number | undefined;
  /** `fail`: a longer text is a failed row. */
  readonly truncation: 'end' | 'start' | 'fail';
  readonly specialTokens: boolean;
  /** The token ids that pads; undefined for the tokenizer's own. */
  readonly padId: number | undefined;
}

/** Sound: bytes of WAV, MP3 or FLAC, paths, or URLs. */
export interface AudioAdapter {
  readonly adapter: 'audio';
  /** Samples a second the network wants. */
  readonly sampleRate: number;
  /** Samples a row, longer cut and shorter filled with silence; undefined for what the signature says, or as long as it is. */
  readonly samples: number | undefined;
  /** To zero mean and unit variance, each row by itself. */
  readonly normalize: boolean;
  /** A spectrogram instead of the waveform; computed in the graph. */
  readonly mel: MelOptions | undefined;
  /** More seconds than this are a failed row. */
  readonly maxSeconds: number;
  readonly source: ContentSource;
}

/** A log-mel spectrogram: frames of `fftSize` samples every `hop`, `bands` triangular filters from `low` to `high` Hz. */
export interface MelOptions {
  readonly fftSize: number;
  readonly hop: number;
  readonly bands: number;
  readonly low: number;
  readonly high: number;
  /** Slaney's scale (librosa's and Whisper's), or HTK's. */
  readonly scale: 'slaney' | 'htk';
  /** Magnitude to this power: 2 for energy. */
  readonly power: number;
  /** What is made of the energies: `log10` and `ln` with a floor, `whisper`: log10, at most 8 below the largest, (x + 4) / 4. */
  readonly log: 'none' | 'ln' | 'log10' | 'whisper';
  /** `[bands, frames]`, as Whisper takes it, or `[frames, bands]`. */
  readonly layout: 'bands-first' | 'frames-first';
  /** Frames are centred on multiples of the hop, the ends reflected. */
  readonly center: boolean;
}

/** Class labels: names, one an index. */
export type Labels = readonly string[] | undefined;

export interface ClassificationAdapter {
  readonly adapter: 'classification';
  readonly labels: Labels;
  /** The best so many, as a list; undefined for the best one alone. */
  readonly top: number | undefined;
  /** `auto`: softmax, unless the network ends in one. `sigmoid`: each class by itself. */
  readonly activation: 'auto' | 'softmax' | 'sigmoid' | 'none';
}

/** Numbers: `value * scale + offset`. */
export interface RegressionAdapter {
  readonly adapter: 'regression';
  readonly scale: readonly number[];
  readonly offset: readonly number[];
  /** Names of several targets: the column is then a struct. */
  readonly names: readonly string[] | undefined;
}

export interface EmbeddingAdapter {
  readonly adapter: 'embedding';
  /** Over the tokens of a sequence output [N, L, D] (by the attention mask), or the places of [N, D, H, W]. `auto`: mean where there is something to pool. */
  readonly pooling: 'auto' | 'mean' | 'cls' | 'max' | 'none';
  /** To length 1. */
  readonly normalize: boolean;
}

export interface DetectionAdapter {
  readonly adapter: 'detection';
  /**
   * `boxes`: outputs of boxes [N, A, 4] and scores [N, A, C]. `yolo`: one output [N, 4 + C, A] of centre, size and class
   * scores. `detr`: logits [N, Q, C + 1] (the last class is "nothing") and boxes [N, Q, 4].
   */
  readonly format: 'boxes' | 'yolo' | 'detr';
  /** Names of the outputs that hold boxes and scores, where they are two. */
  readonly boxes: string | undefined;
  readonly scores: string | undefined;
  readonly boxFormat: 'xyxy' | 'xywh' | 'cxcywh';
  /** True if coordinates run from 0 to 1 over the network's picture; else they are its pixels. */
  readonly relative: boolean;
  readonly labels: Labels;
  /** Boxes of a lower score are left out. */
  readonly threshold: number;
  /** Of two boxes of a class that share more than this (intersection over union), the better stays. */
  readonly overlap: number;
  readonly most: number;
}

/** Entities in a text: spans of tokens of one label, with their place in the text. */
export interface TokensAdapter {
  readonly adapter: 'tokens';
  readonly labels: Labels;
  /** `simple`: neighbours of one entity together (B- and I- prefixes understood). `none`: every token that is not `O`. */
  readonly aggregation: 'simple' | 'none';
}

/** How far a network's reconstruction is from its input. */
export interface AnomalyAdapter {
  readonly adapter: 'anomaly';
  readonly error: 'mse' | 'mae';
  /** The input that is reconstructed; the only one where nothing is said. */
  readonly input: string | undefined;
}

/** The tensor as it is. */
export interface RawAdapter {
  readonly adapter: 'raw';
}
