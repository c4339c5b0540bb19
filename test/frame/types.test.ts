import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DataType, isDataType, isInteger, isNumeric, sameType, typeName } from '../../src/frame/types.js';

const float32: DataType = { kind: 'float32' };

/** Each type, its name, and whether it is a number. */
const TABLE: readonly (readonly [DataType, string, 'integer' | 'number' | 'other'])[] = [
  [{ kind: 'boolean' }, 'boolean', 'other'],
  [{ kind: 'int8' }, 'int8', 'integer'],
  [{ kind: 'int128' }, 'int128', 'integer'],
  [{ kind: 'uint64' }, 'uint64', 'integer'],
  [float32, 'float32', 'number'],
  [{ kind: 'float64' }, 'float64', 'number'],
  [{ kind: 'decimal', precision: 18, scale: 3 }, 'decimal(18, 3)', 'number'],
  [{ kind: 'string' }, 'string', 'other'],
  [{ kind: 'enum', values: ['a', 'b'] }, 'enum', 'other'],
  [{ kind: 'timestamp', unit: 'us', zone: false }, 'timestamp[us]', 'other'],
  [{ kind: 'timestamp', unit: 'ns', zone: true }, 'timestamp[ns, UTC]', 'other'],
  [{ kind: 'list', element: float32 }, 'list<float32>', 'other'],
  [{ kind: 'array', element: float32, length: 512 }, 'float32[512]', 'other'],
  [{ kind: 'list', element: { kind: 'array', element: { kind: 'int8' }, length: 2 } }, 'list<int8[2]>', 'other'],
  [
    {
      kind: 'struct',
      fields: [
        { name: 'label', type: { kind: 'string' } },
        { name: 'score', type: float32 },
      ],
    },
    'struct<label: string, score: float32>',
    'other',
  ],
  [{ kind: 'map', key: { kind: 'string' }, value: { kind: 'int64' } }, 'map<string, int64>', 'other'],
  [{ kind: 'other', name: 'BIT' }, 'BIT', 'other'],
  [{ kind: 'null' }, 'null', 'other'],
];

test('types have names a person reads', () => {
  for (const [type, name, sort] of TABLE) {
    assert.equal(typeName(type), name);
    assert.equal(isInteger(type), sort === 'integer', name);
    assert.equal(isNumeric(type), sort !== 'other', name);
    assert.equal(isDataType(type), true, name);
  }
});

test('what is no type is told', () => {
  for (const wrong of ['float32', null, undefined, 5, {}, { kind: 'float' }, { kind: 'toString' }]) {
    assert.equal(isDataType(wrong), false);
  }
});

test('types are the same by what they hold', () => {
  assert.ok(sameType({ kind: 'list', element: { kind: 'int8' } }, { kind: 'list', element: { kind: 'int8' } }));
  assert.ok(!sameType({ kind: 'list', element: { kind: 'int8' } }, { kind: 'list', element: { kind: 'int16' } }));
  assert.ok(!sameType({ kind: 'decimal', precision: 4, scale: 1 }, { kind: 'decimal', precision: 4, scale: 2 }));
});
