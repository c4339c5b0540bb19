import { InvalidArgumentError } from 'commander';
import { nearest } from '../frame/errors.js';
import { FORMATS, type Format, READ_FORMATS, type ReadFormat } from '../frame/plan.js';

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

export type ColumnLists = ReadonlyMap<string, readonly string[]>;

const inputPair = pairs('NAME=COLUMN,COLUMN');

/** `--input x=a,b`, repeatable. */
export function columnLists(text: string, before: ColumnLists = new Map()): ColumnLists {
  const [entry] = inputPair(text, undefined);
  const [name, list] = entry!;
  if (before.has(name)) throw new InvalidArgumentError(`input '${name}' is given twice; list all its columns in one`);
  return new Map(before).set(name, names(list));
}
