import type { ColumnView } from '../../columns.js';
import type { SoundBinding } from '../../descriptor.js';
import { type ContentValue, contentOf, takeContent } from '../content-value.js';
import { type MadeRow, MadeRowsPacker } from '../rows-packer.js';
import { ValueError } from '../value-error.js';
import { encodeAudio } from './waveform.js';

/** Waveforms of a batch, as float32 `[N, samples]`. */
export class SoundPacker extends MadeRowsPacker<ContentValue, MadeRow> {
  readonly binding: SoundBinding;
  readonly dtype = 'float32';

  constructor(binding: SoundBinding) {
    super(
      binding.samples === undefined ? undefined : { data: new Float32Array(binding.samples), dims: [binding.samples] },
    );
    this.binding = binding;
  }

  protected take(view: ColumnView, index: number): ContentValue {
    return takeContent(this.binding.form, view, index);
  }

  protected async make(value: ContentValue): Promise<MadeRow> {
    if (typeof value !== 'string' && !(value instanceof Uint8Array)) throw new ValueError('the value is not a sound');
    const data = await encodeAudio(await contentOf(value, this.binding.source), this.binding);
    return { data, dims: [data.length] };
  }
}
