import { createHash } from 'node:crypto';
import { strings } from '../../../src/frame/functions/strings.js';
import { col, fn, lit } from '../../../src/index.js';
import { each, testUses } from './table.js';

const SOURCE = `SELECT s, t, n::INTEGER AS n FROM (VALUES
  ('Spark SQL', 'SQL', 3),
  ('', '', 0),
  ('héllo wörld', 'ö', -2),
  (NULL, 'x', 1)) v(s, t, n)`;

const s = col('s');
const t = col('t');
const n = col('n');
const all = (value: unknown): readonly unknown[] => each(value, 4);
const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const hash = (algorithm: string): readonly unknown[] => [
  ...['Spark SQL', '', 'héllo wörld'].map(text => createHash(algorithm).update(text).digest('hex')),
  null,
];

testUses('functions of texts', strings, SOURCE, {
  lower: [[fn.lower(s), ['spark sql', '', 'héllo wörld', null]]],
  upper: [[fn.upper(s), ['SPARK SQL', '', 'HÉLLO WÖRLD', null]]],
  initcap: [
    [fn.initcap(s), ['Spark Sql', '', 'Héllo Wörld', null]],
    [fn.initcap(' sPark  sql-x '), all(' Spark  Sql-x ')],
  ],
  length: [
    [fn.length(s), [9, 0, 11, null]],
    [fn.length('👍 '), all(2)],
  ],
  ascii: [[fn.ascii(s), [83, 0, 104, null]]],
  trim: [
    [fn.trim('  a \t '), all('a \t')],
    [fn.trim(s), ['Spark SQL', '', 'héllo wörld', null]],
  ],
  ltrim: [[fn.ltrim('  a  '), all('a  ')]],
  rtrim: [[fn.rtrim('  a  '), all('  a')]],
  reverse: [[fn.reverse(s), ['LQS krapS', '', 'dlröw olléh', null]]],
  concat: [
    [fn.concat(s, '|', t), ['Spark SQL|SQL', '|', 'héllo wörld|ö', null]],
    [fn.concat('a', n, true), ['a3true', 'a0true', 'a-2true', 'a1true']],
    [fn.concat(s), ['Spark SQL', '', 'héllo wörld', null]],
  ],
  concatWs: [
    [fn.concatWs('-', s, t), ['Spark SQL-SQL', '-', 'héllo wörld-ö', 'x']],
    [fn.concatWs('-'), all('')],
    [fn.concatWs(s, 'a', 'b'), ['aSpark SQLb', 'ab', 'ahéllo wörldb', null]],
  ],
  repeat: [[fn.repeat(t, n), ['SQLSQLSQL', '', '', 'x']]],
  substring: [
    [fn.substring(s, 5), ['k SQL', '', 'o wörld', null]],
    [fn.substring(s, -3), ['SQL', '', 'rld', null]],
    [fn.substring(s, 5, 1), ['k', '', 'o', null]],
    [fn.substring(s, 0, 2), ['Sp', '', 'hé', null]],
    [fn.substring(s, 2, -1), ['', '', '', null]],
    [fn.substring(s, -20, 13), ['Sp', '', 'héll', null]],
    [fn.substring('abc', n, 2), ['c', 'ab', 'bc', 'ab']],
    [fn.substring('abc', 1, n), ['abc', '', '', 'a']],
  ],
  left: [
    [fn.left(s, 3), ['Spa', '', 'hél', null]],
    [fn.left('abc', n), ['abc', '', '', 'a']],
  ],
  right: [
    [fn.right(s, 3), ['SQL', '', 'rld', null]],
    [fn.right('abc', n), ['abc', '', '', 'c']],
  ],
  lpad: [
    [fn.lpad(s, 12, '?!'), ['?!?Spark SQL', '?!?!?!?!?!?!', '?héllo wörld', null]],
    [fn.lpad(s, 5), ['Spark', '     ', 'héllo', null]],
    [fn.lpad(s, 12, ''), ['Spark SQL', '', 'héllo wörld', null]],
    [fn.lpad('ab', n, '-'), ['-ab', '', '', 'a']],
  ],
  rpad: [
    [fn.rpad(s, 12, '?!'), ['Spark SQL?!?', '?!?!?!?!?!?!', 'héllo wörld?', null]],
    [fn.rpad(s, 5, ''), ['Spark', '', 'héllo', null]],
  ],
  startsWith: [
    [fn.startsWith(s, 'Spark'), [true, false, false, null]],
    [fn.startsWith(s, t), [false, true, false, null]],
  ],
  endsWith: [[fn.endsWith(s, t), [true, true, false, null]]],
  contains: [
    [fn.contains(s, t), [true, true, true, null]],
    [fn.contains(s, 'z'), [false, false, false, null]],
  ],
  instr: [
    [fn.instr(s, t), [7, 1, 8, null]],
    [fn.instr(s, 'z'), [0, 0, 0, null]],
  ],
  replace: [
    [fn.replace(s, 'l', 'LL'), ['Spark SQL', '', 'héLLLLo wörLLd', null]],
    [fn.replace(s, '', 'x'), ['Spark SQL', '', 'héllo wörld', null]],
  ],
  translate: [[fn.translate(s, 'Sl', '5'), ['5park 5QL', '', 'héo wörd', null]]],
  split: [
    [fn.split(s, '[ o]'), [['Spark', 'SQL'], [''], ['héll', '', 'wörld'], null]],
    [fn.split('oneAtwoBthreeC', '[ABC]'), all(['one', 'two', 'three', ''])],
  ],
  splitPart: [
    [fn.splitPart(s, ' ', 2), ['SQL', '', 'wörld', null]],
    [fn.splitPart('11.12.13', '.', n), ['13', '', '12', '11']],
    [fn.splitPart('11.12.13', '.', -1), all('13')],
  ],
  regexpLike: [[fn.regexpLike(s, 'S|ö'), [true, false, true, null]]],
  regexpCount: [[fn.regexpCount(s, 'l|S'), [2, 0, 3, null]]],
  regexpExtract: [
    [fn.regexpExtract('100-200', '(\\d+)-(\\d+)'), all('100')],
    [fn.regexpExtract('100-200', '(\\d+)-(\\d+)', 2), all('200')],
    [fn.regexpExtract('100-200', '(\\d+)-(\\d+)', 0), all('100-200')],
    [fn.regexpExtract(s, '(w.)'), ['', '', 'wö', null]],
  ],
  regexpExtractAll: [
    [fn.regexpExtractAll('100-200, 300-400', '(\\d+)-(\\d+)'), all(['100', '300'])],
    [fn.regexpExtractAll(s, 'S.', 0), [['Sp', 'SQ'], [], [], null]],
  ],
  regexpReplace: [
    [fn.regexpReplace('100-200', '(\\d+)', 'num'), all('num-num')],
    [fn.regexpReplace(s, '(l+)', '<$1>'), ['Spark SQL', '', 'hé<ll>o wör<l>d', null]],
    [fn.regexpReplace('a1', '(\\d)', '\\$1\\\\'), all('a$1\\')],
  ],
  levenshtein: [
    [fn.levenshtein('kitten', 'sitting'), all(3)],
    // Two bytes each: é is removed, and ö is kept.
    [fn.levenshtein(s, t), [6, 0, 11, null]],
  ],
  md5: [[fn.md5(s), hash('md5')]],
  sha1: [[fn.sha1(s), hash('sha1')]],
  sha2: [[fn.sha2(s), hash('sha256')]],
  encode: [[fn.encode(s), [bytes('Spark SQL'), bytes(''), bytes('héllo wörld'), null]]],
  decode: [[fn.decode(lit(bytes('wörld'))), all('wörld')]],
  base64: [[fn.base64(fn.encode(s)), ['U3BhcmsgU1FM', '', Buffer.from('héllo wörld').toString('base64'), null]]],
  unbase64: [[fn.unbase64('U3BhcmsgU1FM'), all(bytes('Spark SQL'))]],
  hex: [
    [fn.hex(s), ['537061726B2053514C', '', Buffer.from('héllo wörld').toString('hex').toUpperCase(), null]],
    [fn.hex(n), ['3', '0', 'FFFFFFFFFFFFFFFE', '1']],
    [fn.hex(lit(new Uint8Array([0, 255]))), all('00FF')],
  ],
  unhex: [
    [fn.unhex('537061726B'), all(bytes('Spark'))],
    [fn.unhex(t), [null, bytes(''), null, null]],
  ],
  formatNumber: [
    [fn.formatNumber(12332.123456, 4), all('12,332.1235')],
    [fn.formatNumber(n, 0), ['3', '0', '-2', '1']],
    [fn.formatNumber(-1234567, 2), all('-1,234,567.00')],
  ],
  getJsonObject: [
    [fn.getJsonObject('{"a":"b","l":[{"c":null},2]}', '$.a'), all('b')],
    [fn.getJsonObject('{"a":"b","l":[{"c":null},2]}', '$.l[1]'), all('2')],
    [fn.getJsonObject('{"a":"b","l":[{"c":null},2]}', '$.l[0].c'), all(null)],
    [fn.getJsonObject('{"a":"b"}', '$.z'), all(null)],
    [fn.getJsonObject(s, '$.a'), all(null)],
  ],
});
