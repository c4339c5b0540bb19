import type { AlignedText } from './aligned-text.js';
import { isAscii } from './unicode-classes.js';

/*
 * NFC, NFD, NFKC and NFKD with the place of every character. JavaScript's normalize() says what a text becomes but not
 * what of it comes from where; so a text is taken apart into stretches that normalise by themselves, and within a stretch
 * of several characters the algorithm of https://www.unicode.org/reports/tr15/ is followed step by step.
 */

export type NormalForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/** What may change together with the character before it: marks, and the parts of Hangul syllables, in all their forms. */
const STRETCHES =
  /[^\p{M}\u1160-\u11ff\u3131-\u318e\ud7b0-\ud7ff\uff9e-\uffdc]?[\p{M}\u1160-\u11ff\u3131-\u318e\ud7b0-\ud7ff\uff9e-\uffdc]*/gu;

export function toNormalForm(text: AlignedText, form: NormalForm): AlignedText {
  const source = text.text;
  if (isAscii(source)) return text;
  const result = source.normalize(form);
  // What is in normal form already keeps its places too, character by character.
  if (result === source) return text;
  const chars: string[] = [];
  const changes: number[] = [];
  for (const [stretch] of source.matchAll(STRETCHES)) {
    if (stretch === '') continue;
    if (stretch.length === 1 || [...stretch].length === 1) {
      let change = 0;
      for (const char of stretch.normalize(form)) {
        chars.push(char);
        changes.push(change);
        change = 1;
      }
      continue;
    }
    const parts = decomposed(stretch, form === 'NFD' || form === 'NFC' ? 'NFD' : 'NFKD');
    for (const { char, change } of form === 'NFC' || form === 'NFKC' ? composed(parts) : parts) {
      chars.push(char);
      changes.push(change);
    }
  }
  return text.rewritten(chars, changes);
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
  if (parts.length < 2) return parts;
  // Canonical order is stable: of equal characters the first stays first.
  const left: (Part | undefined)[] = [...parts];
  const ordered: Part[] = [];
  for (const char of parts
    .map(part => part.char)
    .join('')
    .normalize('NFD')) {
    const at = left.findIndex(part => part?.char === char);
    const part = left[at];
    if (part === undefined) return parts;
    ordered.push(part);
    left[at] = undefined;
    // Stretches are mostly in order: what is gone at the front need not be looked at again.
    while (left.length > 0 && left[0] === undefined) left.shift();
  }
  return ordered;
}

/** Marks joined to the starter before them, unless a mark of the same or a higher class stands between. */
function composed(parts: readonly Part[]): Part[] {
  const done: Part[] = [];
  let starter: Part | undefined;
  let between: Part[] = [];
  const flush = (): void => {
    if (starter !== undefined) done.push(starter);
    done.push(...between);
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
    const blocked = last !== undefined && (isStarter(part.char) || sameClass(last.char, part.char));
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

/** U+0345 has the highest combining class there is; every other mark behind it is moved before it. */
const LAST_CLASS = '\u0345';

function isStarter(char: string): boolean {
  return char !== LAST_CLASS && `${LAST_CLASS}${char}`.normalize('NFD').startsWith(LAST_CLASS);
}

/** Of two marks in canonical order: turned round they stay as they are only if their classes are equal. */
function sameClass(first: string, second: string): boolean {
  return first === second || `${second}${first}`.normalize('NFD').startsWith(second);
}
