import { damaged, flagOf, integerOf, isObject, type JsonObject, listOf, stringOf, typed, unsupported } from './json.js';

/** One part of what a network is fed: a text's tokens, or a special token. */
export interface TemplatePart {
  /** 0 for the text, 1 for the second of a pair; undefined for special tokens. */
  readonly sequence: 0 | 1 | undefined;
  /** The special token's ids; it may be several. */
  readonly ids: readonly number[];
  readonly type: number;
}

/** How the tokens of texts become what a network is fed. */
export interface Template {
  readonly single: readonly TemplatePart[];
  readonly pair: readonly TemplatePart[];
  /** The same without special tokens. */
  readonly plain: readonly TemplatePart[];
  readonly plainPair: readonly TemplatePart[];
  /** White space at the ends of tokens is left out of their offsets; undefined where it is not. */
  readonly trimsOffsets: { readonly prefixSpace: boolean } | undefined;
}

const NOTHING: readonly number[] = [];

function text(sequence: 0 | 1, type: number): TemplatePart {
  return { sequence, ids: NOTHING, type };
}

const PLAIN: Template = {
  single: [text(0, 0)],
  pair: [text(0, 0), text(1, 1)],
  plain: [text(0, 0)],
  plainPair: [text(0, 0), text(1, 1)],
  trimsOffsets: undefined,
};

const KNOWN = ['BertProcessing', 'ByteLevel', 'RobertaProcessing', 'Sequence', 'TemplateProcessing'];

/** @param value what stands under `post_processor` of a tokenizer.json */
export function readTemplate(value: unknown): Template {
  if (value === null || value === undefined) return PLAIN;
  const config = typed(value, 'post-processor');
  switch (config.type) {
    case 'BertProcessing': {
      const cls = special(config['cls'], 0);
      const sep = special(config['sep'], 0);
      return {
        ...PLAIN,
        single: [cls, text(0, 0), sep],
        pair: [cls, text(0, 0), sep, text(1, 1), { ...sep, type: 1 }],
      };
    }
    case 'RobertaProcessing': {
      const cls = special(config['cls'], 0);
      const sep = special(config['sep'], 0);
      return {
        ...PLAIN,
        single: [cls, text(0, 0), sep],
        pair: [cls, text(0, 0), sep, sep, text(1, 0), sep],
        trimsOffsets: trimming(config),
      };
    }
    case 'ByteLevel':
      return { ...PLAIN, trimsOffsets: trimming(config) };
    case 'TemplateProcessing':
      return templateOf(config);
    case 'Sequence':
      return listOf(config['processors'], 'list of post-processors')
        .map(readTemplate)
        .reduce((one, other) => merged(one, other), PLAIN);
    default:
      throw unsupported('post-processor', config.type, KNOWN);
  }
}

function trimming(config: JsonObject): Template['trimsOffsets'] {
  return flagOf(config['trim_offsets'], true) ? { prefixSpace: flagOf(config['add_prefix_space'], true) } : undefined;
}

/** Of processors in a row at most one puts special tokens in. */
function merged(one: Template, other: Template): Template {
  const trimsOffsets = other.trimsOffsets ?? one.trimsOffsets;
  if (other.single === PLAIN.single) return { ...one, trimsOffsets };
  if (one.single === PLAIN.single) return { ...other, trimsOffsets };
  throw damaged('two of its post-processors put special tokens in');
}

/** `["[CLS]", 101]` */
function special(value: unknown, type: number): TemplatePart {
  const [, id] = listOf(value, 'special token');
  return { sequence: undefined, ids: [integerOf(id, 'id of a special token')], type };
}

function templateOf(config: JsonObject): Template {
  const specials = isObject(config['special_tokens']) ? config['special_tokens'] : {};
  const single = listOf(config['single'], 'template').map(part => partOf(part, specials));
  const pair = listOf(config['pair'], 'template of pairs').map(part => partOf(part, specials));
  if (single.filter(part => part.sequence === 0).length !== 1 || single.some(part => part.sequence === 1)) {
    throw damaged('its template for one text does not hold it exactly once');
  }
  return {
    single,
    pair,
    plain: single.filter(part => part.sequence !== undefined),
    plainPair: pair.filter(part => part.sequence !== undefined),
    trimsOffsets: undefined,
  };
}

/** `{ SpecialToken: { id, type_id } }` or `{ Sequence: { id: 'A' | 'B', type_id } }` */
function partOf(value: unknown, specials: JsonObject): TemplatePart {
  if (isObject(value)) {
    const sequence = value['Sequence'];
    if (isObject(sequence))
      return text(sequence['id'] === 'B' ? 1 : 0, integerOf(sequence['type_id'] ?? 0, 'token type'));
    const token = value['SpecialToken'];
    if (isObject(token)) {
      const name = stringOf(token['id'], 'special token');
      const known = Object.hasOwn(specials, name) ? specials[name] : undefined;
      if (!isObject(known)) throw damaged(`its template names the special token '${name}', which is not defined`);
      const ids = listOf(known['ids'], 'ids of a special token').map(id => integerOf(id, 'id of a special token'));
      return { sequence: undefined, ids, type: integerOf(token['type_id'] ?? 0, 'token type') };
    }
  }
  throw damaged('a part of its template is neither a text nor a special token');
}

/** How many special tokens it puts in. */
export function specialCount(parts: readonly TemplatePart[]): number {
  return parts.reduce((sum, part) => sum + part.ids.length, 0);
}
