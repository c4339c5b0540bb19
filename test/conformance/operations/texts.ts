import { col, fn } from '../../../src/index.js';
import { fails, of, operations } from '../declare.js';
import { binary, boolean, int32, list, string, table } from '../types.js';

const t = table({
  s: string('Spark sql', 'ÄÖ 😀b', '', null, ' a  b '),
  w: string('abcabc', 'a1b22c', 'kitten', null, '100-200'),
  b: binary('537061726b', '00ff', '', null, 'c3a4'),
  j: string('{"a": [{"b": "c"}]}', '{"a": 1.5}', 'no json', null, '{}'),
});

/** Of no bytes: FIPS 180-4. */
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const EMPTY_SHA512 =
  'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e';

export const TEXTS = operations(
  'Functions of texts',
  { t },
  {
    'fn.lower': of(fn.lower(col('s')), string('spark sql', 'äö 😀b', '', null, ' a  b ')),
    'fn.upper': of(fn.upper(col('s')), string('SPARK SQL', 'ÄÖ 😀B', '', null, ' A  B ')),
    'fn.initcap: words between spaces': of(fn.initcap(col('s')), string('Spark Sql', 'Äö 😀b', '', null, ' A  B ')),
    'fn.length: in code points': of(fn.length(col('s')), int32(9, 5, 0, null, 6)),
    'fn.ascii': of(fn.ascii(col('w')), int32(97, 97, 107, null, 49)),
    'fn.trim': of(fn.trim(col('s')), string('Spark sql', 'ÄÖ 😀b', '', null, 'a  b')),
    'fn.ltrim': of(fn.ltrim(col('s')), string('Spark sql', 'ÄÖ 😀b', '', null, 'a  b ')),
    'fn.rtrim': of(fn.rtrim(col('s')), string('Spark sql', 'ÄÖ 😀b', '', null, ' a  b')),
    'fn.reverse: by code points': of(fn.reverse(col('s')), string('lqs krapS', 'b😀 ÖÄ', '', null, ' b  a ')),
    'fn.concat: null if one is null': of(
      fn.concat(col('w'), '/', col('s')),
      string('abcabc/Spark sql', 'a1b22c/ÄÖ 😀b', 'kitten/', null, '100-200/ a  b '),
    ),
    'fn.concatWs: without nulls': of(
      fn.concatWs('-', col('w'), col('s'), 'z'),
      string('abcabc-Spark sql-z', 'a1b22c-ÄÖ 😀b-z', 'kitten--z', 'z', '100-200- a  b -z'),
    ),
    'fn.repeat': of(fn.repeat(fn.left(col('w'), 2), 2), string('abab', 'a1a1', 'kiki', null, '1010')),
    'fn.substring: from 1': of(fn.substring(col('w'), 2, 3), string('bca', '1b2', 'itt', null, '00-')),
    'fn.substring: from the end': of(fn.substring(col('w'), -3), string('abc', '22c', 'ten', null, '200')),
    'fn.substring: from position 0': of(fn.substring(col('w'), 0, 2), string('ab', 'a1', 'ki', null, '10')),
    'fn.substring: from before the beginning': of(fn.substring(col('w'), -8, 4), string('ab', 'a1', 'ki', null, '100')),
    'fn.left': of(fn.left(col('s'), 2), string('Sp', 'ÄÖ', '', null, ' a')),
    'fn.right': of(fn.right(col('s'), 2), string('ql', '😀b', '', null, 'b ')),
    'fn.lpad: what is longer is cut': of(
      fn.lpad(col('w'), 7, '*'),
      string('*abcabc', '*a1b22c', '*kitten', null, '100-200'),
    ),
    'fn.rpad: several characters': of(
      fn.rpad(fn.left(col('w'), 3), 6, 'xy'),
      string('abcxyx', 'a1bxyx', 'kitxyx', null, '100xyx'),
    ),
    'fn.startsWith': of(fn.startsWith(col('w'), 'a'), boolean(true, true, false, null, false)),
    'fn.endsWith': of(fn.endsWith(col('w'), 'c'), boolean(true, true, false, null, false)),
    'fn.contains': of(fn.contains(col('w'), 'tt'), boolean(false, false, true, null, false)),
    'fn.instr: from 1, 0 where it is not': of(fn.instr(col('s'), 'b'), int32(0, 5, 0, null, 5)),
    'fn.replace': of(fn.replace(col('w'), 'ab', '-'), string('-c-c', 'a1b22c', 'kitten', null, '100-200')),
    'fn.translate': of(fn.translate(col('w'), 'abt', '12'), string('12c12c', '11222c', 'kien', null, '100-200')),
    'fn.split: by a regular expression': of(
      fn.split(col('w'), '[0-9]+'),
      list(string)(['abcabc'], ['a', 'b', 'c'], ['kitten'], null, ['', '-', '']),
    ),
    'fn.splitPart': of(fn.splitPart(col('w'), '-', 2), string('', '', '', null, '200')),
    'fn.splitPart: from the end': of(fn.splitPart(col('w'), 'b', -1), string('c', '22c', 'kitten', null, '100-200')),
    'fn.regexpLike': of(fn.regexpLike(col('w'), '\\d{2}'), boolean(false, true, false, null, true)),
    'fn.regexpCount': of(fn.regexpCount(col('w'), '[at]'), int32(2, 1, 2, null, 0)),
    'fn.regexpExtract: a group': of(fn.regexpExtract(col('w'), '(\\d+)-(\\d+)', 2), string('', '', '', null, '200')),
    'fn.regexpExtract: the whole match': of(fn.regexpExtract(col('w'), '\\d+', 0), string('', '1', '', null, '100')),
    'fn.regexpExtractAll': of(
      fn.regexpExtractAll(col('w'), '(\\d+)'),
      list(string)([], ['1', '22'], [], null, ['100', '200']),
    ),
    'fn.regexpReplace: groups': of(
      fn.regexpReplace(col('w'), '(\\d)(\\d*)', '<$2$1>'),
      string('abcabc', 'a<1>b<22>c', 'kitten', null, '<001>-<002>'),
    ),
    'fn.levenshtein': of(fn.levenshtein(col('w'), 'sitting'), int32(7, 7, 3, null, 7)),
    'fn.md5': of(
      fn.md5(fn.regexpReplace(col('w'), '^.*$', 'abc')),
      string(...[0, 1, 2].map(() => '900150983cd24fb0d6963f7d28e17f72'), null, '900150983cd24fb0d6963f7d28e17f72'),
    ),
    'fn.sha1': of(
      fn.sha1(fn.regexpReplace(col('w'), '^.*$', 'abc')),
      string(
        ...[0, 1, 2].map(() => 'a9993e364706816aba3e25717850c26c9cd0d89d'),
        null,
        'a9993e364706816aba3e25717850c26c9cd0d89d',
      ),
    ),
    'fn.sha2: of 256 bits': of(
      fn.sha2(fn.left(col('s'), 0)),
      string(...[0, 1, 2].map(() => EMPTY_SHA256), null, EMPTY_SHA256),
    ),
    'fn.sha2: of 512 bits': of(
      () => fn.sha2(fn.left(col('s'), 0), 512),
      string(...[0, 1, 2].map(() => EMPTY_SHA512), null, EMPTY_SHA512),
    ),
    'fn.encode: in UTF-8': of(fn.encode(fn.left(col('s'), 1)), binary('53', 'c384', '', null, '20')),
    'fn.decode: of UTF-8': of(
      fn.decode(fn.substring(fn.hex(col('b')), 1, 2).cast({ kind: 'binary' })),
      string('53', '00', '', null, 'C3'),
    ),
    'fn.decode: what is no UTF-8': fails(({ t }) => t.select(fn.decode(col('b')).as('y')), 'QUERY_FAILED'),
    'fn.base64': of(fn.base64(col('b')), string('U3Bhcms=', 'AP8=', '', null, 'w6Q=')),
    'fn.unbase64': of(fn.unbase64(fn.base64(col('b'))), binary('537061726b', '00ff', '', null, 'c3a4')),
    'fn.hex: of bytes': of(fn.hex(col('b')), string('537061726B', '00FF', '', null, 'C3A4')),
    'fn.unhex: null of what is none': of(fn.unhex(col('w')), binary('abcabc', 'a1b22c', null, null, null)),
    'fn.formatNumber': of(
      fn.formatNumber(fn.length(col('s')).mul(12_345.5), 1),
      string('111,109.5', '61,727.5', '0.0', null, '74,073.0'),
    ),
    'fn.getJsonObject': of(fn.getJsonObject(col('j'), '$.a[0].b'), string('c', null, null, null, null)),
  },
);
