import { createRequire } from 'node:module';
import { DictionaryBatch } from 'apache-arrow/fb/dictionary-batch';
import { Endianness } from 'apache-arrow/fb/endianness';
import type { Field } from 'apache-arrow/fb/field';
import { Footer } from 'apache-arrow/fb/footer';
import { Message } from 'apache-arrow/fb/message';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { RecordBatch } from 'apache-arrow/fb/record-batch';
import { Schema } from 'apache-arrow/fb/schema';

/*
 * FlatBuffers for JavaScript has no verifier: a damaged count makes a decoder loop four billion times, or fill the
 * memory, before anything throws. These walks look at the counts alone and refuse what the bytes cannot hold.
 */

type ByteBuffer = Parameters<typeof Message.getRootAsMessage>[0];

// flatbuffers is apache-arrow's dependency, not ours: it is resolved from where apache-arrow stands.
const arrow = createRequire(createRequire(import.meta.url).resolve('apache-arrow'));
const { ByteBuffer } = arrow('flatbuffers') as { readonly ByteBuffer: new (bytes: Uint8Array) => ByteBuffer };

/** No honest schema nests deeper; a damaged one may nest without end. */
const DEEPEST = 64;

/** @throws RangeError where a count in the message exceeds its bytes */
export function guardMessage(bytes: Uint8Array): void {
  const message = Message.getRootAsMessage(new ByteBuffer(bytes));
  const fits = budget(bytes.length);
  fits(message.customMetadataLength(), 4);
  switch (message.headerType()) {
    case MessageHeader.Schema: {
      const schema = message.header(new Schema()) as Schema | null;
      if (schema === null) throw new RangeError('message has no header');
      guardSchema(schema, bytes.length);
      return;
    }
    case MessageHeader.RecordBatch:
      guardBatch(message.header(new RecordBatch()) as RecordBatch | null, fits);
      return;
    case MessageHeader.DictionaryBatch: {
      const batch = message.header(new DictionaryBatch()) as DictionaryBatch | null;
      guardBatch(batch?.data() ?? null, fits);
      return;
    }
  }
}

/** @throws RangeError where a count in the footer exceeds its bytes */
export function guardFooter(bytes: Uint8Array): void {
  const footer = Footer.getRootAsFooter(new ByteBuffer(bytes));
  const fits = budget(bytes.length);
  fits(footer.recordBatchesLength(), 24);
  fits(footer.dictionariesLength(), 24);
  const schema = footer.schema();
  if (schema === null) throw new RangeError('footer has no schema');
  guardSchema(schema, bytes.length);
}

function guardBatch(batch: RecordBatch | null, fits: Fits): void {
  if (batch === null) throw new RangeError('message has no header');
  fits(batch.nodesLength(), 16);
  fits(batch.buffersLength(), 16);
  fits(batch.variadicBufferCountsLength(), 8);
}

function guardSchema(schema: Schema, bytes: number): void {
  if (schema.endianness() !== Endianness.Little) throw new RangeError('data is big-endian');
  const fits = budget(bytes);
  fits(schema.customMetadataLength(), 4);
  fits(schema.fieldsLength(), 4);
  for (let i = 0; i < schema.fieldsLength(); i++) guardField(schema.fields(i), fits, 1);
}

function guardField(field: Field | null, fits: Fits, depth: number): void {
  if (field === null || depth > DEEPEST) throw new RangeError('schema is damaged');
  fits(field.customMetadataLength(), 4);
  fits(field.childrenLength(), 4);
  for (let i = 0; i < field.childrenLength(); i++) guardField(field.children(i), fits, depth + 1);
}

type Fits = (count: number, each: number) => void;

/** Takes from one budget for all counts, so that fields which share bytes cannot multiply either. */
function budget(bytes: number): Fits {
  let left = bytes;
  return (count, each) => {
    left -= count * each;
    if (!(count >= 0) || left < 0) throw new RangeError('metadata counts exceed its bytes');
  };
}
