import type { AlignedText } from './aligned-text.js';
import { isAscii } from './unicode-classes.js';

/*
 * NFC, NFD, NFKC and NFKD with the place of every character. JavaScript's normalize() says what a text becomes but not
 * what of it comes from where; so a text is taken apart into stretches that normalise by themselves, and within a stretch
 * of several characters the algorithm of https://www.unicode.org/reports/tr15/ is followed step by step.
 */

export type NormalForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/** What may change together with the character before it: marks, and the parts of Hangul syllables, in all their forms. */
const JOINING = '\\p{M}\\u1160-\\u11ff\\u3131-\\u318e\\ud7b0-\\ud7ff\\uff9e-\\uffdc';

/** What may change at all: everything but ASCII that nothing follows which could join it. */
const STRETCHES = new RegExp(`[^${JOINING}]?[${JOINING}]+|[\\u0080-\\u{10ffff}]`, 'gu');

/** JavaScript's normalize() takes quadratic time for marks that are stacked without end. */
const STACKED = new RegExp(`[${JOINING}]{64}`, 'u');

export function toNormalForm(text: AlignedText, form: NormalForm): AlignedText {
  const source = text.text;
  // What is in normal form already keeps its places too, character by character.
  if (isAscii(source) || (!STACKED.test(source) && source.normalize(form) === source)) return text;
  const chars: string[] = [];
  const changes: number[] = [];
  const put = (parts: Iterable<string>): void => {
    for (const char of parts) {
      chars.push(char);
      changes.push(0);
    }
  };
  let at = 0;
  for (const { 0: stretch, index } of source.matchAll(STRETCHES)) {
    put(source.slice(at, index));
    at = index + stretch.length;
    for (const { char, change } of normalized(stretch, form)) {
      chars.push(char);
      changes.push(change);
    }
  }
  put(source.slice(at));
  return text.rewritten(chars, changes);
}

function normalized(stretch: string, form: NormalForm): readonly Part[] {
  const composes = form === 'NFC' || form === 'NFKC';
  const compatible = form === 'NFKC' || form === 'NFKD';
  if (isOneCharacter(stretch)) return [...stretch.normalize(form)].map((char, index) => ({ char, change: index && 1 }));
  const parts = decomposed(stretch, compatible ? 'NFKD' : 'NFD');
  return composes ? composed(parts) : parts;
}

function isOneCharacter(text: string): boolean {
  return text.length === 1 || (text.length === 2 && text.codePointAt(0)! > 0xffff);
}

/** A character, and what it stands for (see AlignedText.rewritten). */
interface Part {
  readonly char: string;
  readonly change: number;
}

/** Each character taken apart, its first part in its place and the others put in; then in canonical order. */
function decomposed(stretch: string, form: 'NFD' | 'NFKD'): Part[] {
  const parts: Part[] = [];
  for (const char of stretch) {
    let change = 0;
    for (const part of char.normalize(form)) {
      parts.push({ char: part, change });
      change = 1;
    }
  }
  // Canonical order: marks that follow each other by their classes, those of one class as they are.
  for (let from = 0; from < parts.length; ) {
    let to = from;
    while (to < parts.length && !isStarter(parts[to]!.char)) to++;
    if (to - from > 1)
      inOrder(parts.slice(from, to)).forEach((part, index) => {
        parts[from + index] = part;
      });
    from = to + 1;
  }
  return parts;
}

function inOrder(marks: readonly Part[]): readonly Part[] {
  const kinds = [...new Set(marks.map(mark => mark.char))].sort(byClass);
  const ranks = new Map<string, number>();
  let rank = 0;
  kinds.forEach((char, index) => {
    if (index > 0 && byClass(kinds[index - 1]!, char) !== 0) rank++;
    ranks.set(char, rank);
  });
  return rank === 0 ? marks : [...marks].sort((a, b) => ranks.get(a.char)! - ranks.get(b.char)!);
}

/** The combining classes of two marks compared, by what becomes of them side by side. */
function byClass(first: string, second: string): number {
  if (first === second) return 0;
  if (!`${first}${second}`.normalize('NFD').startsWith(first)) return 1;
  return `${second}${first}`.normalize('NFD').startsWith(second) ? 0 : -1;
}

/** Marks joined to the starter before them, unless a mark of the same or a higher class stands between. */
function composed(parts: readonly Part[]): Part[] {
  const done: Part[] = [];
  let starter: Part | undefined;
  let between: Part[] = [];
  const flush = (): void => {
    if (starter !== undefined) done.push(starter);
    for (const mark of between) done.push(mark);
    starter = undefined;
    between = [];
  };
  for (const part of parts) {
    if (starter === undefined) {
      if (isStarter(part.char)) starter = part;
      else done.push(part);
      continue;
    }
    const last = between.at(-1);
    const blocked = last !== undefined && (isStarter(part.char) || byClass(last.char, part.char) === 0);
    const joined = blocked ? undefined : composition(starter.char, part.char);
    if (joined !== undefined) {
      starter = { char: joined, change: starter.change + part.change - 1 };
    } else if (isStarter(part.char)) {
      flush();
      starter = part;
    } else {
      between.push(part);
    }
  }
  flush();
  return done;
}

function composition(first: string, second: string): string | undefined {
  const joined = (first + second).normalize('NFC');
  const [char] = joined;
  return char === joined && joined !== '' ? joined : undefined;
}

/** U+0345 has the highest combining class there is: every other mark moves before it. */
const LAST_CLASS = '\u0345';

function isStarter(char: string): boolean {
  if (char < '\u0300') return true;
  return char !== LAST_CLASS && `${LAST_CLASS}${char}`.normalize('NFD').startsWith(LAST_CLASS);
}
