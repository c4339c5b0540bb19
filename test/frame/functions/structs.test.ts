import { structs } from '../../../src/frame/functions/structs.js';
import { col, fn } from '../../../src/index.js';
import { testUses } from './table.js';

const SOURCE = `SELECT a::INTEGER AS a, b, s::STRUCT(x INTEGER, y VARCHAR) AS s FROM (VALUES
  (1, 'p', {'x': 7, 'y': 'q'}),
  (NULL, '', NULL)) v(a, b, s)`;

const a = col('a');
const s = col('s');

testUses('functions of structs', structs, SOURCE, {
  struct: [
    [
      fn.struct(a, col('b')),
      [
        { a: 1, b: 'p' },
        { a: null, b: '' },
      ],
    ],
    [
      fn.struct(a.as('it"s'), a.add(1).as('2')),
      [
        { 'it"s': 1, '2': 2 },
        { 'it"s': null, '2': null },
      ],
    ],
    [fn.struct(s.field('x')), [{ x: 7 }, { x: null }]],
  ],
  namedStruct: [
    [
      fn.namedStruct({ n: a, 'a b': 'c' }),
      [
        { n: 1, 'a b': 'c' },
        { n: null, 'a b': 'c' },
      ],
    ],
    [
      fn.namedStruct({ l: fn.array(a, 2), s }),
      [
        { l: [1, 2], s: { x: 7, y: 'q' } },
        { l: [null, 2], s: null },
      ],
    ],
  ],
  getField: [
    [fn.getField(s, 'y'), ['q', null]],
    [fn.getField(fn.namedStruct({ z: a }), 'z'), [1, null]],
  ],
  withField: [
    [fn.withField(s, 'x', 'new'), [{ x: 'new', y: 'q' }, null]],
    [fn.withField(s, 'z', a), [{ x: 7, y: 'q', z: 1 }, null]],
  ],
});
