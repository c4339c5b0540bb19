import type { ImageAdapter } from '../adapter.js';

/** What a preset says; everything else keeps its default. */
export type Preset = Readonly<
  Partial<
    Pick<
      ImageAdapter,
      'width' | 'height' | 'resize' | 'shorterSide' | 'kernel' | 'channels' | 'range' | 'mean' | 'std' | 'background'
    >
  >
>;

/** Mean and deviation of ImageNet's training pictures, as torchvision states them. */
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
/** Of OpenAI's CLIP, from its published `preprocess`. */
const CLIP = { mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] } as const;

/**
 * How families of published networks take pictures. Means are in the order of `channels`.
 *
 * Sources: torchvision's `ImageClassification` transforms; the `preprocessor_config.json` of openai/clip-vit-base-patch32,
 * google/vit-base-patch16-224, google/siglip-base-patch16-224 and facebook/dinov2-base; Keras' `preprocess_input` in its
 * modes `tf` (inception) and `caffe`; Ultralytics' LetterBox (yolo).
 */
export const IMAGE_PRESETS = Object.freeze({
  imagenet: { width: 224, height: 224, resize: 'shorter', shorterSide: 256, range: [0, 1], ...IMAGENET },
  clip: { width: 224, height: 224, resize: 'shorter', shorterSide: 224, kernel: 'bicubic', range: [0, 1], ...CLIP },
  dinov2: {
    width: 224,
    height: 224,
    resize: 'shorter',
    shorterSide: 256,
    kernel: 'bicubic',
    range: [0, 1],
    ...IMAGENET,
  },
  vit: { width: 224, height: 224, range: [-1, 1] },
  siglip: { width: 224, height: 224, kernel: 'bicubic', range: [-1, 1] },
  inception: { width: 299, height: 299, range: [-1, 1] },
  caffe: { width: 224, height: 224, channels: 'BGR', mean: [103.939, 116.779, 123.68] },
  yolo: { width: 640, height: 640, resize: 'letterbox', background: [114, 114, 114], range: [0, 1] },
} satisfies Readonly<Record<string, Preset>>);

export type PresetName = keyof typeof IMAGE_PRESETS;
