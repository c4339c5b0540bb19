import type { BinaryColumn, ColumnView, NumericColumn, StringColumn, StructColumn } from '../columns.js';
import type { ContentForm } from '../descriptor.js';
import type { ContentSource } from './adapter.js';
import { readContent } from './image/content.js';
import type { SparkImage } from './image/spark.js';

/** A picture or sound as a table holds it. */
export type ContentValue = Uint8Array | string | Omit<SparkImage, 'origin'>;

/** The value of a row, copied out of the engine's memory. */
export function takeContent(form: ContentForm, view: ColumnView, index: number): ContentValue {
  switch (form) {
    case 'bytes':
      return (view as BinaryColumn).at(index);
    case 'path':
      return (view as StringColumn).at(index);
    case 'spark': {
      // Origin, height, width, channels, mode, data: the order of the type that bind checked.
      const { fields } = view as StructColumn;
      const whole = (at: number): number => Number((fields[at] as NumericColumn).values[index]);
      return {
        height: whole(1),
        width: whole(2),
        nChannels: whole(3),
        mode: whole(4),
        data: (fields[5] as BinaryColumn).at(index),
      };
    }
  }
}

/** The bytes of a file's content: those of the table, or of the file it names. @throws ValueError */
export async function contentOf(value: Uint8Array | string, source: ContentSource): Promise<Uint8Array> {
  return typeof value === 'string' ? readContent(value, source) : value;
}
