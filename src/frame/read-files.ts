import { builtinCall } from './builtins.js';
import { InframeError, listNames, shown } from './errors.js';
import { Column, type Named } from './expr.js';
import {
  type ContentOptions,
  type FileFormat,
  INVALID_TEXT_POLICIES,
  type InvalidTextPolicy,
  REASON,
  UNREADABLE_POLICIES,
  type UnreadablePolicy,
} from './file-formats.js';
import { conditionals } from './functions/conditionals.js';
import type { Plan } from './plan.js';

/*
 * What is asked for when files are read as rows; the same in code and in SQL.
 */

/** How files that cannot be opened are taken. */
export interface ReadFileOptions {
  /** `'keep'` (where nothing is said): a row whose content is null. `'drop'`: no row. `'fail'`: an error that names the file. */
  readonly onUnreadable?: UnreadablePolicy;
}

/** How pictures are read. */
export interface ReadImageOptions extends ReadFileOptions {
  /**
   * True for columns of what their headers say: format, width, height, channels, orientation (as EXIF has it), and `error`,
   * the reason why a file is no picture. `onUnreadable` is then about those files too, and it always is where it is
   * `'drop'` or `'fail'`.
   */
  readonly properties?: boolean;
}

/** How text is read. */
export interface ReadTextOptions extends ReadFileOptions {
  /** True for one row a file; one row a line where nothing is said. */
  readonly wholeFiles?: boolean;
  /** What is not UTF-8: `'replace'` (where nothing is said) puts U+FFFD, `'null'` a null for the line or file, `'fail'` is an error. */
  readonly onInvalid?: InvalidTextPolicy;
}

/** The options each reader takes, with what may be said for each. */
const OPTIONS = {
  onUnreadable: UNREADABLE_POLICIES,
  onInvalid: INVALID_TEXT_POLICIES,
  properties: [true, false],
  wholeFiles: [true, false],
} as const;

type OptionName = keyof typeof OPTIONS;

const FILE: readonly OptionName[] = ['onUnreadable'];

/** Readers of files as rows by their names in code, and what each takes. */
export const FILE_READERS = Object.freeze({
  images: { options: ['properties', ...FILE] },
  audio: { options: FILE },
  binaryFiles: { options: FILE },
  text: { options: ['wholeFiles', 'onInvalid', ...FILE] },
} satisfies Readonly<Record<string, { readonly options: readonly OptionName[] }>>);

export type FileReader = keyof typeof FILE_READERS;

/**
 * The plan of a reader.
 *
 * @param called what it is called in messages: `read.images()`, `read_images()`
 * @param written an option as it is written there
 * @throws InframeError ARGUMENT_INVALID
 */
export function filesPlan(
  reader: FileReader,
  paths: readonly string[],
  options: Readonly<Record<string, unknown>>,
  called: string,
  written: (option: string) => string = option => option,
): Plan {
  checkOptions(FILE_READERS[reader].options, options, called, written);
  // Checked a line above.
  const given = options as ReadImageOptions & ReadTextOptions;
  switch (reader) {
    case 'images':
      return imagesPlan(paths, given);
    case 'audio':
      return scanPlan('audio', paths, fileContent(given));
    case 'binaryFiles':
      return scanPlan('binary', paths, fileContent(given));
    case 'text': {
      const { onInvalid } = given;
      const content = { ...fileContent(given), ...(onInvalid !== undefined && { onInvalid }) };
      return scanPlan(given.wholeFiles ? 'text' : 'lines', paths, content);
    }
  }
}

function checkOptions(
  known: readonly OptionName[],
  options: unknown,
  called: string,
  written: (option: string) => string,
): asserts options is Readonly<Record<string, unknown>> {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `options ${shown(options)} of ${called} are not an object; write { ... }`,
    );
  }
  for (const [name, value] of Object.entries(options)) {
    const option = known.find(each => each === name);
    if (option === undefined) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `option '${written(name)}' is not one of ${called}; it has: ${listNames(known.map(written))}`,
      );
    }
    const values: readonly unknown[] = OPTIONS[option];
    if (value !== undefined && !values.includes(value)) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `${written(name)} ${shown(value)} of ${called} is not possible; there are: ${listNames(values.map(String))}`,
      );
    }
  }
}

function fileContent({ onUnreadable }: ReadFileOptions): ContentOptions {
  return onUnreadable === undefined ? {} : { onUnreadable };
}

function scanPlan(format: FileFormat, paths: readonly string[], content: ContentOptions): Plan {
  return { kind: 'scan', format, paths: [...paths], csv: {}, content };
}

const PROPERTIES = ['format', 'width', 'height', 'channels', 'orientation'] as const;

/** Pictures, and on demand what their headers say, which the worker pool finds out. */
function imagesPlan(paths: readonly string[], options: ReadImageOptions): Plan {
  const { properties = false, onUnreadable = 'keep' } = options;
  const look = properties || onUnreadable !== 'keep';
  const scan = scanPlan('images', paths, { ...fileContent(options), ...(properties && { reasons: true }) });
  if (!look) return scan;
  const image = column('image').expr;
  const info =
    onUnreadable === 'fail'
      ? builtinCall('__inframe_checked_image_info', column('path').expr, image)
      : builtinCall('image_info', image);
  const members: Named[] = PROPERTIES.map(name => ({ name, expr: info.field(name).expr }));
  const error = info.field('error');
  const reason = properties ? conditionals.coalesce(column(REASON), error) : error;
  const names = [...members, { name: 'error', expr: reason.expr }];
  const described: Plan = { kind: 'withColumns', input: scan, columns: names };
  const kept: Plan =
    onUnreadable === 'keep'
      ? described
      : { kind: 'filter', input: described, predicate: column('error').isNull().expr };
  return { kind: 'drop', input: kept, names: properties ? [REASON] : names.map(({ name }) => name) };
}

function column(name: string): Column {
  return new Column({ kind: 'column', name });
}
