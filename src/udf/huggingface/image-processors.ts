/** What a class of image processor does where its file says nothing. */
export interface ImageProcessorDefaults {
  /** As the setting `size`. */
  readonly size: Readonly<Record<string, number>>;
  /** What a bare number as size means: both sides, or the shorter one. */
  readonly square: boolean;
  /** Pillow's number of a kernel. */
  readonly resample: number;
  /** Sides of a crop from the middle; undefined for none. */
  readonly crop: number | undefined;
  /** Undefined for pixels that are not normalised. */
  readonly normalize: { readonly mean: readonly number[]; readonly std: readonly number[] } | undefined;
}

const HALF = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const CLIP = { mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] };
const DETR = { size: { shortest_edge: 800, longest_edge: 1333 }, square: false, resample: 2, crop: undefined };

/**
 * Classes of transformers whose steps are resize, crop, rescale and normalise, by name without its ending.
 *
 * Source: the class attributes in transformers' `models/<model>/image_processing_<model>*.py`.
 */
export const IMAGE_PROCESSORS: Readonly<Record<string, ImageProcessorDefaults>> = Object.freeze({
  ViT: { size: { height: 224, width: 224 }, square: true, resample: 2, crop: undefined, normalize: HALF },
  DeiT: { size: { height: 256, width: 256 }, square: true, resample: 3, crop: 224, normalize: HALF },
  Beit: { size: { height: 256, width: 256 }, square: true, resample: 3, crop: 224, normalize: HALF },
  Siglip: { size: { height: 224, width: 224 }, square: true, resample: 3, crop: undefined, normalize: HALF },
  EfficientNet: { size: { height: 346, width: 346 }, square: true, resample: 0, crop: undefined, normalize: HALF },
  Segformer: { size: { height: 512, width: 512 }, square: true, resample: 2, crop: undefined, normalize: IMAGENET },
  CLIP: { size: { shortest_edge: 224 }, square: false, resample: 3, crop: 224, normalize: CLIP },
  Bit: { size: { shortest_edge: 224 }, square: false, resample: 3, crop: 224, normalize: CLIP },
  ConvNext: { size: { shortest_edge: 384 }, square: false, resample: 2, crop: undefined, normalize: HALF },
  MobileNetV1: { size: { shortest_edge: 256 }, square: false, resample: 2, crop: 224, normalize: HALF },
  MobileNetV2: { size: { shortest_edge: 256 }, square: false, resample: 2, crop: 224, normalize: HALF },
  MobileViT: { size: { shortest_edge: 224 }, square: false, resample: 2, crop: 256, normalize: undefined },
  Detr: { ...DETR, normalize: IMAGENET },
  Yolos: { ...DETR, normalize: IMAGENET },
});

/** The class where the file does not name it, as early ones do not, by `model_type`. */
const BY_MODEL_TYPE: Readonly<Record<string, string>> = {
  vit: 'ViT',
  swin: 'ViT',
  deit: 'DeiT',
  beit: 'Beit',
  'data2vec-vision': 'Beit',
  clip: 'CLIP',
  clip_vision_model: 'CLIP',
  siglip: 'Siglip',
  convnext: 'ConvNext',
  convnextv2: 'ConvNext',
  resnet: 'ConvNext',
  regnet: 'ConvNext',
  dinov2: 'Bit',
  bit: 'Bit',
  efficientnet: 'EfficientNet',
  mobilenet_v1: 'MobileNetV1',
  mobilenet_v2: 'MobileNetV2',
  mobilevit: 'MobileViT',
  segformer: 'Segformer',
  detr: 'Detr',
  yolos: 'Yolos',
};

/** `ViTImageProcessorFast` and the older `ViTFeatureExtractor` are `ViT`. */
export function imageProcessorOf(className: string | undefined, modelType: string | undefined): string | undefined {
  if (className !== undefined) return className.replace(/(?:ImageProcessor(?:Fast|Pil)?|FeatureExtractor)$/, '');
  return modelType !== undefined && Object.hasOwn(BY_MODEL_TYPE, modelType) ? BY_MODEL_TYPE[modelType] : undefined;
}
