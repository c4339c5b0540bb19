import { InframeError, shown } from '../../../frame/errors.js';

/** An object of a tokenizer.json, which may hold anything. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One object that says with `type` what it is. */
export function typed(value: unknown, what: string): JsonObject & { readonly type: string } {
  if (isObject(value) && typeof value['type'] === 'string') return value as JsonObject & { readonly type: string };
  throw damaged(`its ${what} is ${shown(value)}, not an object with a type`);
}

/** The members of a list; none where nothing is there. */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw damaged(`its ${what} is ${shown(value)}, not a list`);
}

export function stringOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw damaged(`its ${what} is ${shown(value)}, not a string`);
}

export function integerOf(value: unknown, what: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw damaged(`its ${what} is ${shown(value)}, not a whole number from 0`);
}

/** True or false; what is to be assumed where nothing is said. */
export function flagOf(value: unknown, otherwise: boolean): boolean {
  return typeof value === 'boolean' ? value : otherwise;
}

/** The error for a tokenizer file that is one, but holds something impossible. */
export function damaged(what: string): InframeError {
  return new InframeError('MODEL_INVALID', `tokenizer is damaged: ${what}`);
}

/** The error for a part that inframe has no form of. */
export function unsupported(kind: string, type: string, known: readonly string[]): InframeError {
  return new InframeError(
    'MODEL_UNSUPPORTED',
    `tokenizer's ${kind} '${type}' is not supported; inframe knows: ${known.join(', ')}`,
    { [kind]: type },
  );
}
