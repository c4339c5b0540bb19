import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  columnNames,
  fromJson,
  keyOf,
  nodesIn,
  replaceNodes,
  type SyntaxNode,
  sameTree,
  toJson,
  walkColumns,
} from '../../../../src/engine/embedded/query/syntax.js';

test('a tree survives being read and written, whatever stands in its texts and however long its numbers are', () => {
  const value = fc.oneof(
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(number => JSON.stringify(number)),
    fc.string({ unit: 'binary' }).map(text => JSON.stringify(text)),
    fc.constantFrom('":12345678901234567,"', '"\\"12345678901234567"', '"\\\\",12345678901234567', 'null', 'true'),
  );
  fc.assert(
    fc.property(fc.array(value.filter(isJson), { maxLength: 8 }), values => {
      const text = `{"parts":[${values.join(',')}]}`;
      // The one writer of JSON there is knows no long numbers: texts are compared number by number.
      assert.equal(toJson(fromJson(text)), `{"parts":[${values.map(normal).join(',')}]}`);
    }),
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** As JSON.stringify writes it; whole numbers stay as they are. */
function normal(text: string): string {
  return /^-?\d+$/.test(text) ? text : JSON.stringify(JSON.parse(text));
}

function column(...path: readonly string[]): SyntaxNode {
  return { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', query_location: 7, column_names: path };
}

function call(name: string, ...children: readonly SyntaxNode[]): SyntaxNode {
  return { class: 'FUNCTION', type: 'FUNCTION', function_name: name, alias: '', query_location: 3, children };
}

test('trees are the same wherever they stand and whatever they are called', () => {
  const a = call('m', column('x'));
  assert.ok(sameTree(a, { ...call('M', { ...column('x'), query_location: 99 }), alias: 'y' }));
  assert.ok(!sameTree(a, call('m', column('z'))));
  assert.notEqual(keyOf(call('m', { ...column('x'), alias: 'in' })), keyOf(a), 'arguments by name are others');
});

test('parameters of lambdas are no columns', () => {
  const lambda: SyntaxNode = { class: 'LAMBDA', lhs: column('q'), expr: call('+', column('q'), column('x')) };
  const found: string[] = [];
  walkColumns(call('list_transform', column('xs'), lambda, column('q')), node =>
    found.push(columnNames(node).join('.')),
  );
  assert.deepEqual(found, ['xs', 'x', 'q']);
});

test('parts are replaced in place; queries inside only when asked for', () => {
  const subquery = { class: 'SUBQUERY', subquery: { node: { type: 'SELECT_NODE', select_list: [column('x')] } } };
  const rename = (node: SyntaxNode): SyntaxNode | undefined =>
    columnNames(node)[0] === 'x' ? { ...node, column_names: ['y'] } : undefined;
  const outside = structuredClone(call('f', column('x'), subquery));
  replaceNodes(outside, rename);
  assert.equal(JSON.stringify(outside).match(/"y"/g)?.length, 1);
  const inside = structuredClone(call('f', column('x'), subquery));
  replaceNodes(inside, rename, true);
  assert.equal(JSON.stringify(inside).match(/"y"/g)?.length, 2);
  assert.equal(nodesIn(inside, 'children').length, 2);
});
