import type { ColumnView } from '../../columns.js';
import type { PictureBinding } from '../../descriptor.js';
import { type ContentValue, contentOf, takeContent } from '../content-value.js';
import { type MadeRow, MadeRowsPacker } from '../rows-packer.js';
import { decodePicture, type Picture, resizePixels } from './decode.js';
import { fromSparkImage } from './spark.js';

/** A decoded picture as a row of the tensor, and where it came from. */
interface PictureRow extends MadeRow {
  readonly place: Picture['place'];
  readonly source: Picture['source'];
}

/** Pictures of a batch, as uint8 `[N, height, width, channels]`. */
export class PicturePacker extends MadeRowsPacker<ContentValue, PictureRow> {
  readonly binding: PictureBinding;
  readonly dtype = 'uint8';

  constructor(binding: PictureBinding) {
    super(blankOf(binding));
    this.binding = binding;
  }

  protected take(view: ColumnView, index: number): ContentValue {
    return takeContent(this.binding.form, view, index);
  }

  protected async make(value: ContentValue): Promise<PictureRow> {
    const picture =
      typeof value === 'string' || value instanceof Uint8Array
        ? await decodePicture(await contentOf(value, this.binding.source), this.binding)
        : await resizePixels(fromSparkImage(value), this.binding);
    const { data, width, height, channels, place, source } = picture;
    return { data, dims: [height, width, channels], place, source };
  }
}

function blankOf({ width, height, channels, resize }: PictureBinding): MadeRow | undefined {
  if (width === undefined || height === undefined || resize === 'none') return undefined;
  const dims = [height, width, channels === 'grey' ? 1 : 3];
  return { data: new Uint8Array(dims.reduce((product, dim) => product * dim, 1)), dims };
}
