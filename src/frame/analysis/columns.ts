import type { Expr, Named } from '../expr.js';
import type { Schema } from '../schema.js';

/** Every column of the table as itself. */
export function passThrough(schema: Schema): readonly Named[] {
  return schema.fields.map(({ name }) => ({ name, expr: columnOf(name) }));
}

export function columnOf(name: string): Expr {
  return { kind: 'column', name };
}

/** A name of our own that is not taken yet. */
export function freshName(stem: string, taken: (name: string) => boolean): string {
  let name = `__inframe_${stem}`;
  for (let number = 1; taken(name); number += 1) name = `__inframe_${stem}_${number}`;
  return name;
}
