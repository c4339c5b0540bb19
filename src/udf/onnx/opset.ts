import { create } from '@bufbuild/protobuf';
import { withFields } from './message.js';
import { type ModelProto, OperatorSetIdProtoSchema } from './onnx_pb.js';

/** ONNX's own operators go by two names: '' in nearly every file, 'ai.onnx' in the specification. */
export function isDefaultDomain(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

/**
 * The last version of ONNX's own operators that came with a version of the file format.
 * Source: the table in https://github.com/onnx/onnx/blob/main/docs/Versioning.md
 */
const LAST_OPSET: Readonly<Record<number, number>> = { 4: 9, 5: 10, 6: 11, 7: 14, 8: 18, 9: 20 };
const FIRST = 8;
const LATEST = 21;

/** The version of ONNX's own operators a model is written in; undefined when it uses other domains only. */
export function defaultOpset(model: ModelProto): number | undefined {
  const entry = model.opsetImport.find(opset => isDefaultDomain(opset.domain));
  return entry === undefined ? undefined : Number(entry.version);
}

/**
 * The model, able to hold ONNX's own operators. A classical model may use the domain ai.onnx.ml alone, and then the
 * first Cast or Transpose put into it needs its operator set declared.
 */
export function withDefaultOpset(model: ModelProto): { readonly model: ModelProto; readonly version: number } {
  const present = defaultOpset(model);
  if (present !== undefined) return { model, version: present };
  const irVersion = Number(model.irVersion);
  const version = irVersion < 4 ? FIRST : (LAST_OPSET[irVersion] ?? LATEST);
  const entry = create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(version) });
  return { model: withFields(model, { opsetImport: [...model.opsetImport, entry] }), version };
}
