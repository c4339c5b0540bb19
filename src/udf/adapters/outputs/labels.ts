import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InframeError, messageOf, shown } from '../../../frame/errors.js';
import { duplicateKey } from './duplicate-key.js';

/** More labels than any published network has classes; a longer file is some other file. */
export const MOST_LABELS = 1_000_000;
/** Characters of one label. */
export const LONGEST_LABEL = 1_000;
const MOST_BYTES = 64 * 1024 * 1024;

/** Labels as a person gives them: a list, or the path of a file. */
export type LabelsOption = string | readonly string[];

/**
 * The labels of a network's classes, one an index, frozen.
 *
 * A file is text with one label a line (`\r` before the end of a line is no part of it, nor is one line end behind the last
 * label), or where its name ends in `.json`: a list, an object of labels by index, or a `config.json` of Hugging Face,
 * whose `id2label` counts. Read now, on the caller's thread.
 *
 * @param maker whose option they are, for messages
 * @throws InframeError ARGUMENT_INVALID for a file that is not there, is empty, is no text, or does not name each index once
 */
export function readLabels(maker: string, labels: LabelsOption | undefined): readonly string[] | undefined {
  if (labels === undefined) return undefined;
  if (typeof labels === 'string') return fromFile(maker, labels);
  if (!Array.isArray(labels)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `labels ${shown(labels)} of ${maker}() are neither a list nor a path; give ['cat', 'dog'] or 'labels.txt'`,
    );
  }
  return checkLabels(`labels of ${maker}()`, labels);
}

/**
 * Labels by index as configuration files have them (`{ "0": "cat", "1": "dog" }`), in the order of the index.
 *
 * @param what names them in an error
 * @throws InframeError ARGUMENT_INVALID if the indexes are not 0, 1, 2 ... each once
 */
export function labelsByIndex(what: string, members: object): readonly string[] {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(members);
  const labels: unknown[] = [];
  const taken = new Set<number>();
  for (const [key, label] of entries) {
    const index = /^\d{1,7}$/.test(key) ? Number(key) : Number.NaN;
    if (!(index < MOST_LABELS)) {
      throw invalid(
        what,
        `have the index ${shown(key)}; write whole numbers from 0, such as { "0": "cat", "1": "dog" }`,
      );
    }
    if (taken.has(index)) throw invalid(what, `have the index ${index} twice; give each index one label`);
    taken.add(index);
    labels[index] = label;
  }
  for (let index = 0; index < entries.length; index++) {
    if (!taken.has(index)) {
      throw invalid(
        what,
        `skip the index ${index}; indexes of ${entries.length} labels are 0 to ${entries.length - 1}`,
      );
    }
  }
  return checkLabels(what, labels);
}

function fromFile(maker: string, path: string): readonly string[] {
  const what = `labels file '${path}' of ${maker}()`;
  const text = textOf(what, path);
  return /\.json$/i.test(path) ? fromJson(what, text) : fromLines(what, text);
}

function fromLines(what: string, text: string): readonly string[] {
  if (text.trim() === '') throw invalid(what, 'is empty; write one label a line');
  const lines = text.split('\n', MOST_LABELS + 2).map(line => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (lines.at(-1) === '') lines.pop();
  return checkLabels(what, lines);
}

function fromJson(what: string, text: string): readonly string[] {
  if (text.trim() === '') throw invalid(what, 'is empty; write ["cat", "dog"] or { "0": "cat", "1": "dog" }');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's complaint may quote a file that is not for showing.
    throw invalid(what, 'is not JSON; write ["cat", "dog"] or { "0": "cat", "1": "dog" }');
  }
  if (Array.isArray(value)) return checkLabels(what, value);
  if (typeof value !== 'object' || value === null) {
    throw invalid(what, 'holds neither a list nor an object; write ["cat", "dog"] or { "0": "cat", "1": "dog" }');
  }
  // JSON.parse keeps the last of two members of one name and says nothing.
  const twice = duplicateKey(text, key => /^\d+$/.test(key));
  if (twice !== undefined) throw invalid(what, `has the index ${shown(twice)} twice; give each index one label`);
  const byIndex: unknown = 'id2label' in value ? value.id2label : value;
  if (typeof byIndex !== 'object' || byIndex === null) {
    throw invalid(what, `has the id2label ${shown(byIndex)}; write "id2label": { "0": "cat", "1": "dog" }`);
  }
  return Array.isArray(byIndex) ? checkLabels(what, byIndex) : labelsByIndex(what, byIndex);
}

/** The file as text, by its size before its bytes. */
function textOf(what: string, path: string): string {
  const absolute = resolve(path);
  let bytes: Buffer;
  try {
    // Asked before opening: opening a named pipe would wait for ever.
    if (!statSync(absolute).isFile()) throw invalid(what, 'is not a file; name a text file of one label a line');
    const file = openSync(absolute, 'r');
    try {
      const { size } = fstatSync(file);
      if (size > MOST_BYTES) throw invalid(what, `has ${size} bytes; labels have at most ${MOST_BYTES}`);
      bytes = readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof InframeError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw invalid(what, 'does not exist; check the path');
    throw invalid(what, `cannot be read: ${messageOf(error)}`);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Not UTF-8.
  }
  throw invalid(what, 'is not a text in UTF-8; name a text file of one label a line');
}

function checkLabels(what: string, labels: readonly unknown[]): readonly string[] {
  if (labels.length === 0) throw invalid(what, 'are none; give one a class, or leave the option out');
  if (labels.length > MOST_LABELS) throw invalid(what, `are more than ${MOST_LABELS}; no network has as many classes`);
  const checked: string[] = [];
  for (const [index, label] of labels.entries()) {
    if (typeof label !== 'string') throw invalid(what, `have ${shown(label)} at index ${index}, which is no text`);
    if (label.length > LONGEST_LABEL) {
      throw invalid(
        what,
        `have one of ${label.length} characters at index ${index}; a label has at most ${LONGEST_LABEL}`,
      );
    }
    checked.push(label);
  }
  return Object.freeze(checked);
}

function invalid(what: string, problem: string): InframeError {
  const verb = what.startsWith('labels file')
    ? problem
        .replace(/^have /, 'has ')
        .replace(/^are /, 'holds ')
        .replace(/^skip /, 'skips ')
    : problem;
  return new InframeError('ARGUMENT_INVALID', `${what} ${verb}`);
}
