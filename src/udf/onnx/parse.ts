import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { InframeError } from '../../frame/errors.js';
import { withFields, withoutFields } from './message.js';
import { GraphProtoSchema, type ModelProto, ModelProtoSchema, TensorProtoSchema } from './onnx_pb.js';

/** Protobuf's own limit on a message, which ONNX Runtime enforces: one byte less than 2 GiB. */
export const MOST_BYTES = 2 ** 31 - 1;

/**
 * An ONNX model from the bytes of a file. Weights in raw_data are views of `bytes`, not copies: leave `bytes` alone
 * afterwards. Fields our subset of the format does not list are kept and written again.
 *
 * @param name what to call the model in an error
 * @throws InframeError MODEL_INVALID when the bytes are no ONNX model, are cut short, or lack a graph, its inputs or
 *   outputs, or the version of the operators. A file cut at the border between two parts of its end can pass: nothing
 *   in the format says how long it was. ONNX Runtime checks the rest when it loads the model.
 */
export function parseModel(bytes: Uint8Array, name: string): ModelProto {
  if (bytes.length === 0) throw invalid(name, 'is empty');
  let model: ModelProto;
  try {
    // A plain Uint8Array, so that views of it are plain too even where `bytes` is a Buffer.
    model = fromBinary(ModelProtoSchema, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    throw invalid(name, whatElse(bytes), error);
  }
  const graph = model.graph;
  if (graph === undefined) throw invalid(name, whatElse(bytes));
  if (graph.output.length === 0) throw invalid(name, 'has no outputs');
  if (graph.input.length === 0) throw invalid(name, 'has no inputs');
  if (model.opsetImport.length === 0) throw invalid(name, 'does not say which version of the operators it uses');
  return model;
}

function invalid(name: string, what: string, cause?: unknown): InframeError {
  return new InframeError(
    'MODEL_INVALID',
    `model '${name}' ${what}; download or export it again`,
    { model: name },
    cause,
  );
}

/** What bytes that are not a whole ONNX model most likely are: the mistakes people make. */
function whatElse(bytes: Uint8Array): string {
  const head = new TextDecoder().decode(bytes.subarray(0, 64));
  if (head.startsWith('version https://git-lfs')) {
    return 'is not an ONNX file: it is a Git LFS pointer to one, so run "git lfs pull"';
  }
  if (/^\s*<(!doctype|html|\?xml)/i.test(head)) return 'is not an ONNX file: it is a web page';
  if (head.startsWith('PK')) return 'is not an ONNX file: it is a ZIP archive (PyTorch and Keras save those)';
  if (bytes.subarray(4, 8).every((byte, index) => byte === 'ORTM'.charCodeAt(index)) && bytes.length > 8) {
    return "is in ONNX Runtime's own format (.ort), not an ONNX file";
  }
  if (/^[\t\n\r\x20-\x7e]+$/.test(head)) return 'is not an ONNX file: it is text';
  return 'is not an ONNX file, or is cut short';
}

/**
 * The bytes of a model file; the inverse of {@link parseModel}.
 *
 * @throws InframeError MODEL_UNSUPPORTED when they would be more than 2 GiB.
 */
export function serializeModel(model: ModelProto): Uint8Array<ArrayBuffer> {
  const parts = modelParts(model);
  const total = sizeOf(parts);
  if (total > MOST_BYTES) {
    throw new InframeError(
      'MODEL_UNSUPPORTED',
      `model of ${total} bytes cannot be one ONNX file, which has at most ${MOST_BYTES}; ` +
        'keep its weights as external data',
    );
  }
  const bytes = new Uint8Array(total);
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}

/*
 * The message as pieces, so that the weights are copied once, into their place. `toBinary` alone would copy them at
 * every doubling of its buffer, for every message around them, and at the end. That this is the same message rests on
 * two rules of the encoding: the fields of a message may come in any order, and repeated ones keep theirs
 * (https://protobuf.dev/programming-guides/encoding/#order).
 */
function modelParts(model: ModelProto): Uint8Array[] {
  if (model.graph === undefined) return [toBinary(ModelProtoSchema, model)];
  const { initializer } = model.graph;
  const graphParts: Uint8Array[] = [toBinary(GraphProtoSchema, withFields(model.graph, { initializer: [] }))];
  for (const tensor of initializer) {
    const own = Object.hasOwn(tensor, 'rawData') ? tensor.rawData : undefined;
    const rest = toBinary(TensorProtoSchema, own === undefined ? tensor : withoutFields(tensor, 'rawData'));
    const tensorParts = own === undefined ? [rest] : [rest, ...field(TensorProtoSchema.field.rawData.number, [own])];
    graphParts.push(...field(GraphProtoSchema.field.initializer.number, tensorParts));
  }
  const head = toBinary(ModelProtoSchema, withoutFields(model, 'graph'));
  return [head, ...field(ModelProtoSchema.field.graph.number, graphParts)];
}

/** A length-delimited field: its tag and length, and its content in pieces. */
function field(number: number, content: readonly Uint8Array[]): Uint8Array[] {
  const size = sizeOf(content);
  if (size > MOST_BYTES) return [...content]; // refused by the caller: the sum only grows
  return [new BinaryWriter().tag(number, WireType.LengthDelimited).uint32(size).finish(), ...content];
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((total, part) => total + part.length, 0);
}
