import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../support/compiler.js';

/*
 * What the compiler says of wrong programs: the sentence has to stand in its message. Lines of a program that are to be
 * refused end in `//~` and the words; the others have to compile.
 */

const FLIGHTS = `
import { col, connect, type DataFrame, fn, type Model, udf, when } from 'inframe';
interface Flight { id: bigint; origin: string; distance: number | null; stops: readonly string[]; day: Date }
interface Airport { code: string; origin: string; city: string | null }
interface Risk {
  inputs: { origin: string; distance: number; hour: number };
  outputs: { risk: number | null };
  order: ['origin', 'distance', 'hour'];
}
interface Linear { inputs: { in: readonly number[] & { readonly length: 2 } }; outputs: { y: number | null } }
declare const flights: DataFrame<Flight>;
declare const airports: DataFrame<Airport>;
declare const risk: Model<Risk>;
declare const linear: Model<Linear>;
const rows = await flights.limit(5).collect();
`;

function check(lines: string): void {
  const program = FLIGHTS + lines;
  const expected = program.split('\n').flatMap((line, at) => {
    const words = /\/\/~ (.*)$/.exec(line)?.[1];
    return words === undefined ? [] : [{ line: at + 1, words }];
  });
  const { errors } = compile(program);
  const unexpected = errors.filter(({ line }) => !expected.some(each => each.line === line));
  assert.deepEqual(unexpected, [], 'these lines were to compile');
  for (const { line, words } of expected) {
    const said = errors.filter(each => each.line === line).map(({ text }) => text);
    assert.ok(
      said.some(text => text.includes(words)),
      `line ${line}: '${words}' is not in: ${said.join(' | ') || 'nothing'}`,
    );
  }
}

test('a name that is not there is said, with the one that was meant', () => {
  check(`
flights.select('origi');                       //~ "column 'origi' is not in the table (did you mean 'origin'?)"
flights.select('id', 'ORIGIN');                //~ "column 'ORIGIN' is not in the table (did you mean 'origin'?)"
flights.drop('carrier');                       //~ "column 'carrier' is not in the table"
flights.filter(col('dist').gt(5));             //~ "column 'dist' is not in the table (did you mean 'distance'?)"
flights.withColumn('x', fn.upper(col('orig'))); //~ "column 'orig' is not in the table (did you mean 'origin'?)"
flights.withColumns({ x: col('id'), y: col('key') }); //~ "column 'key' is not in the table"
flights.rename({ carrier: 'airline' });        //~ "column 'carrier' is not in the table"
flights.orderBy(col('days').desc());           //~ "column 'days' is not in the table (did you mean 'day'?)"
flights.groupBy('carrier');                    //~ "column 'carrier' is not in the table"
flights.dropNulls({ subset: ['dist'] });       //~ "column 'dist' is not in the table (did you mean 'distance'?)"
flights.select(col('id').add(1));              //~ "the expression has no name; give it one with .as('name')"
rows[0]!.origi;                                //~ Did you mean 'origin'?
`);
});

test('a value of the wrong type is said in words', () => {
  check(`
flights.filter(col('origin').gt(5));           //~ "column 'origin' is a string, but a number is needed"
flights.filter(col('distance').eq('far'));     //~ "column 'distance' is a number, but a string is needed"
flights.filter(col('origin').eq(col('id')));   //~ "column 'origin' is a string, which cannot be compared with a number"
flights.filter(col('id').mul(2).eq('x'));      //~ "the value is a number, but a string is needed"
flights.filter(col('origin'));                 //~ "a condition is a boolean; compare the column with something, such as .gt(0)"
flights.withColumn('x', fn.year(col('id')));   //~ "column 'id' is a number, but a date is needed"
flights.withColumn('x', fn.size(col('day')));  //~ "column 'day' is a date, but a list is needed"
flights.agg(fn.sum(col('stops')).as('x'));     //~ "column 'stops' is a list, but a number is needed"
flights.groupBy('id').avg('origin');           //~ "column 'origin' is a string, but a number is needed"
flights.explode('origin');                     //~ "column 'origin' is a string, but a list is needed"
flights.fillNulls({ distance: 'none' });       //~ "column 'distance' is a number, and cannot be filled with a string"
flights.withColumn('x', when(col('id'), 1));   //~ "column 'id' is a number, but a boolean is needed"
`);
});

test('tables that do not go together are said', () => {
  check(`
flights.join(airports, 'code');                //~ "column 'code' is not in the left table"
flights.join(airports, ['id']);                //~ "column 'id' is not in the right table"
flights.join(airports, (l, r) => l('origin').eq(r('code'))); //~ "column 'origin' is in both tables; join by it, rename one, or give a suffix: { suffix: '_right' }"
flights.join(airports, (l, r) => l('id').eq(r('code')), 'semi'); //~ "the value is a number, but a string is needed"
flights.crossJoin(airports);                   //~ "column 'origin' is in both tables; join by it, rename one, or give a suffix: { suffix: '_right' }"
flights.nearest(airports, { k: 1, by: 'stops' }); //~ "column 'origin' is in both tables; join by it, rename one, or give a suffix: { suffix: '_right' }"
flights.nearest(airports, { k: 1, by: 'stps', suffix: '_b' }); //~ "column 'stps' is not in the table"
flights.nearest(airports, { k: 1, by: ['day', 'code'], suffix: '_b' }); //~ "column 'day' is a date, but a list is needed"
flights.select('id').unionByName(airports.select('code')); //~ "column 'code' is in one of the tables only; add it, or say { allowMissingColumns: true }"
`);
});

test('a model that is given the wrong columns says so', () => {
  check(`
flights.withColumn('p', risk({ hour: 'id' }));
flights.withColumn('p', risk('origin', 'distance', col('id')));
flights.withColumn('p', linear('distance', 'id'));
flights.withColumn('p', risk());               //~ "column 'hour' is not in the table"
flights.withColumn('p', risk('distance', 'distance', 'id')); //~ "column 'distance' is a number, but a string is needed"
flights.withColumn('p', risk({ hour: 'day' })); //~ "column 'day' is a date, but a number is needed"
risk({ time: 'id' });                          //~ "input 'time' is not one of the model's"
risk('origin', 'distance');                    //~ "2 columns are given, but the model takes 3"
linear('distance', 'id', 'id');                //~ "3 columns are given, but the model takes 2"
linear({ in: ['distance', 'id', 'id'] });      //~ "3 columns are given, but input 'in' takes 2"
flights.withColumn('p', linear('origin', 'id')); //~ "column 'origin' is a string, but a number is needed"
flights.withColumn('p', linear('distance'));   //~ "column 'distance' is a number, but a list is needed"
const double = udf({ inputs: { x: 'float64' }, output: 'float64' }, ({ x }) => x.map(each => each * 2));
flights.withColumn('p', double('distance'));
flights.withColumn('p', double('origin'));     //~ "column 'origin' is a string, but a number is needed"
flights.withColumn('p', double('distance')).filter(col('p').like('x')); //~ "column 'p' is a number, but a string is needed"
const session = await connect();
const loaded = await session.model<Risk>('risk.onnx');
flights.withColumn('p', loaded());             //~ "column 'hour' is not in the table"
const fed = await session.model<Risk>('risk.onnx', { inputs: { hour: 'id' } });
flights.withColumn('p', fed());
`);
});
