import { InvalidArgumentError } from 'commander';
import { messageOf, nearest } from '../frame/errors.js';
import { FORMATS, type Format, READ_FORMATS, type ReadFormat } from '../frame/plan.js';
import { type OptionCall, parseOptionCall } from '../frame/sql/options.js';

/*
 * What stands behind a flag, checked before any work. The thrown sentence is put behind "option ... argument ... is not
 * possible;" (see program.ts).
 */

/** A check for whole numbers in a range. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`give a whole number from ${least} to ${most.toLocaleString('en-US')}`);
  };
}

/** A format that tables are written in. */
export function format(text: string): Format {
  return oneOf(FORMATS, text);
}

/** Whatever files may be read as. */
export function inputFormat(text: string): ReadFormat {
  return oneOf(READ_FORMATS, text);
}

function oneOf<T extends string>(formats: readonly T[], text: string): T {
  const found = formats.find(known => known === text.toLowerCase());
  if (found !== undefined) return found;
  const guess = nearest(text, formats);
  const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
  throw new InvalidArgumentError(`the formats are: ${formats.join(', ')}${hint}`);
}

export function notEmpty(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('it is empty');
}

/** `a,b,c`; a name that holds a comma or a quote stands in double quotes, as in CSV. */
export function names(text: string): readonly string[] {
  const result: string[] = [];
  const name = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/y;
  for (let more = true; more; ) {
    const match = name.exec(text);
    const value = match?.[1]?.replaceAll('""', '"') ?? match?.[2]?.trim() ?? '';
    if (match === null || value === '') throw new InvalidArgumentError('give column names with commas between them');
    result.push(value);
    more = match[3] === ',';
  }
  return result;
}

export type Pairs = ReadonlyMap<string, string>;

/** A check for a flag that may be repeated, each time `NAME=...` with another name. */
export function pairs(example: string): (text: string, before: Pairs | undefined) => Pairs {
  return (text, before = new Map()) => {
    const at = text.indexOf('=');
    const name = text.slice(0, Math.max(0, at)).trim();
    const value = text.slice(at + 1).trim();
    if (at < 0 || name === '' || value === '') throw new InvalidArgumentError(`write it as ${example}`);
    if (before.has(name)) throw new InvalidArgumentError(`'${name}' is given twice`);
    return new Map(before).set(name, value);
  };
}

/** What feeds each input: columns, or an adapter in words. */
export type InputFlags = ReadonlyMap<string, readonly string[] | OptionCall>;
/** What is made of each output; undefined where nothing is said of it. */
export type OutputFlags = ReadonlyMap<string, OptionCall | undefined>;

const inputPair = pairs('NAME=COLUMN,COLUMN or "NAME=image(width=224)"');
const outputPair = pairs('NAME or "NAME=classification(top=5)"');

/** `--input x=a,b` or `--input "x=image(width=224)"`, repeatable. */
export function inputs(text: string, before: InputFlags = new Map()): InputFlags {
  const [entry] = inputPair(text, undefined);
  const [name, value] = entry!;
  if (before.has(name)) throw new InvalidArgumentError(`input '${name}' is given twice; list all its columns in one`);
  return new Map(before).set(name, looksLikeCall(value) ? adapter(value) : names(value));
}

/** `--output label` or `--output "label=classification(top=5)"`, repeatable. */
export function outputs(text: string, before: OutputFlags = new Map()): OutputFlags {
  const [entry] = text.includes('=') ? outputPair(text, undefined) : [[notEmpty(text).trim(), undefined] as const];
  const [name, value] = entry!;
  if (before.has(name)) throw new InvalidArgumentError(`output '${name}' is given twice; give it once`);
  return new Map(before).set(name, value === undefined ? undefined : adapter(value));
}

/** A column that is called like this stands in double quotes. */
function looksLikeCall(text: string): boolean {
  return /^[A-Za-z_]\w*\s*\(.*\)$/s.test(text);
}

function adapter(text: string): OptionCall {
  try {
    return parseOptionCall(text);
  } catch (error) {
    throw new InvalidArgumentError(
      messageOf(error).replace(/^statement cannot be read at line \d+, /, `in '${text}' at `),
    );
  }
}
