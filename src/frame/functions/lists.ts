import { InframeError } from '../errors.js';
import type { Column, ColumnOrValue } from '../expr.js';
import type { FilterList, Reduce, TestElements, Transform, ZipWith } from '../typed/list-functions.js';
import {
  callOf,
  choose,
  countOf,
  declared,
  type Like,
  type List,
  labelled,
  type Numeric,
  type Plain,
  text,
  toColumn,
  typed,
  unlessNull,
  variadic,
  whole,
} from './declare.js';
import { checkCallback, lambda } from './lambda.js';

/*
 * Positions in lists count from 1, as in Spark; `col('xs').at(0)` counts from 0. A callback is called once, with columns
 * that stand for the elements.
 */

type AnyList = List<unknown>;

export const lists = {
  /** `array(value, ...)`: one list of several values. */
  array: variadic<unknown, Like<'listOfAny'>>('array', 'list_value'),

  /** `arrayRepeat(value, times)`: a list of the value so many times. */
  arrayRepeat: typed<[value: unknown, times: Numeric], Like<'listOfFirst'>>((value, times) => {
    const list = callOf('list_resize', callOf('list_value', value), callOf('greatest', times, 0), value);
    return labelled('arrayRepeat', [value, times], unlessNull([toColumn(times)], list));
  }),

  /** `sequence(start, stop, step?)`: the whole numbers from start to stop, both included; without a step by 1, up or down. */
  sequence: typed<[start: Numeric, stop: Numeric, step?: Numeric], List<bigint>>((start, stop, step?) => {
    const by = step ?? choose(toColumn(start).le(stop), 1, -1);
    return labelled('sequence', [start, stop, step], callOf('generate_series', start, stop, by));
  }),

  /** `size(list)`: the number of elements. */
  size: typed<[list: AnyList], number>(list => labelled('size', [list], countOf('len')(list))),

  /** `elementAt(list, position)`: an element, counted from 1, or from the end if below 0; null where there is none. */
  elementAt: typed<[list: AnyList, position: Numeric], Like<'elementOrNull'>>((list, position) => {
    if (position === 0) throw fromOne('position', 'elementAt');
    return labelled('elementAt', [list, position], callOf('list_extract', list, position));
  }),

  /** `slice(list, start, length)`: so many elements from a position, counted from 1, or from the end if below 0. */
  slice: typed<[list: AnyList, start: Numeric, length: Numeric], Like<'first'>>((list, start, length) => {
    if (start === 0) throw fromOne('start', 'slice');
    if (typeof length === 'number') whole('slice', 'length', length, 0);
    const from = choose(toColumn(start).lt(0), callOf('len', list).add(start).add(1), start);
    const end = from.add(length).sub(1);
    const part = choose(from.lt(1), callOf('list_slice', list, 1, 0), callOf('list_slice', list, from, end));
    return labelled('slice', [list, start, length], part);
  }),

  /** `arrayContains(list, value)`: true if it holds the value; null where it does not but holds a null. */
  arrayContains: typed<[list: AnyList, value: unknown], boolean | null>((list, value) => {
    const found = callOf('list_contains', list, value);
    return labelled('arrayContains', [list, value], choose(found.or(holdsNull(list).not()), found));
  }),

  /** `arrayPosition(list, value)`: where the value is first, counted from 1; 0 if it is not there. */
  arrayPosition: typed<[list: AnyList, value: unknown], bigint>((list, value) => {
    const found = callOf('coalesce', callOf('list_position', list, value), 0).cast({ kind: 'int64' });
    return labelled('arrayPosition', [list, value], unlessNull([toColumn(list), toColumn(value)], found));
  }),

  /** `arraysOverlap(first, second)`: true if they share a value that is not null; null where only nulls stand against it. */
  arraysOverlap: typed<[first: AnyList, second: AnyList], boolean | null>((first, second) => {
    const shared = callOf('list_has_any', first, second);
    const filled = callOf('len', first).gt(0).and(callOf('len', second).gt(0));
    const unknown = filled.and(holdsNull(first).or(holdsNull(second)));
    const known = unlessNull([toColumn(first), toColumn(second)], choose(unknown.not(), false));
    return labelled('arraysOverlap', [first, second], choose(shared, true, known));
  }),

  /** `arrayMax(list)`: the greatest element; nulls are passed over. */
  arrayMax: typed<[list: AnyList], Like<'elementOrNull'>>(list =>
    labelled('arrayMax', [list], callOf('list_max', list)),
  ),

  /** `arrayMin(list)`: the least element; nulls are passed over. */
  arrayMin: typed<[list: AnyList], Like<'elementOrNull'>>(list =>
    labelled('arrayMin', [list], callOf('list_min', list)),
  ),

  /** `arrayJoin(list, separator, nullText?)`: the elements as one text; nulls are left out, or written so. */
  arrayJoin: typed<[list: AnyList, separator: Plain<string>, nullText?: Plain<string>], string>(
    (list, separator, nullText?) => {
      const written = (element: Column): Column => callOf('coalesce', element.cast({ kind: 'string' }), nullText!);
      const all = nullText === undefined ? list : callOf('list_transform', list, onElements('arrayJoin', written));
      const joined = callOf('array_to_string', all, text('arrayJoin', 'separator', separator));
      return labelled('arrayJoin', [list, separator, nullText], joined);
    },
  ),

  /** `arraySort(list)`: in ascending order, nulls last. */
  arraySort: typed<[list: AnyList], Like<'first'>>(list =>
    labelled('arraySort', [list], callOf('list_sort', list, 'ASC', 'NULLS LAST')),
  ),

  /** `sortArray(list, ascending = true)`: in order, with nulls first if it ascends and last if not. */
  sortArray: typed<[list: AnyList, ascending?: Plain<boolean>], Like<'first'>>((list, ascending = true) => {
    const order = ascending ? ['ASC', 'NULLS FIRST'] : ['DESC', 'NULLS LAST'];
    return labelled('sortArray', [list, ascending], callOf('list_sort', list, ...order));
  }),

  /** `arrayReverse(list)`: from the last element to the first. */
  arrayReverse: typed<[list: AnyList], Like<'first'>>(list =>
    labelled('arrayReverse', [list], callOf('list_reverse', list)),
  ),

  /** `arrayDistinct(list)`: every value once, where it is first; a null counts as a value. For short lists: every element is compared with every other. */
  arrayDistinct: typed<[list: AnyList], Like<'first'>>(list => labelled('arrayDistinct', [list], distinct(list))),

  /** `arrayCompact(list)`: without nulls. */
  arrayCompact: typed<[list: AnyList], Like<'compacted'>>(list =>
    labelled(
      'arrayCompact',
      [list],
      filtered('arrayCompact', list, element => element.isNotNull()),
    ),
  ),

  /** `arrayRemove(list, value)`: without the elements that equal a value; nulls stay. */
  arrayRemove: typed<[list: AnyList, value: unknown], Like<'first'>>((list, value) => {
    const kept = filtered('arrayRemove', list, element => element.isNull().or(element.ne(value)));
    return labelled('arrayRemove', [list, value], unlessNull([toColumn(value)], kept));
  }),

  /** `arrayAppend(list, value)`: with one more element at the end. */
  arrayAppend: typed<[list: AnyList, value: unknown], Like<'withElement'>>((list, value) =>
    labelled('arrayAppend', [list, value], unlessNull([toColumn(list)], callOf('list_append', list, value))),
  ),

  /** `arrayPrepend(list, value)`: with one more element at the beginning. */
  arrayPrepend: typed<[list: AnyList, value: unknown], Like<'withElement'>>((list, value) =>
    labelled('arrayPrepend', [list, value], unlessNull([toColumn(list)], callOf('list_prepend', value, list))),
  ),

  /** `arrayConcat(list, ...)`: one list of the elements of several; null if one is null. */
  arrayConcat: variadic<AnyList, Like<'any'>>('arrayConcat', (...all) => unlessNull(all, joined(all))),

  /** `arrayUnion(first, second)`: the values of both, each once. */
  arrayUnion: typed<[first: AnyList, second: AnyList], Like<'any'>>((first, second) => {
    const both = [toColumn(first), toColumn(second)];
    return labelled('arrayUnion', [first, second], unlessNull(both, distinct(joined(both))));
  }),

  /** `arrayIntersect(first, second)`: the values of the first that are in the second too, each once. */
  arrayIntersect: typed<[first: AnyList, second: AnyList], Like<'first'>>((first, second) => {
    const shared = filtered('arrayIntersect', first, element => callOf('list_position', second, element).isNotNull());
    return labelled('arrayIntersect', [first, second], unlessNull([toColumn(second)], distinct(shared)));
  }),

  /** `arrayExcept(first, second)`: the values of the first that are not in the second, each once. */
  arrayExcept: typed<[first: AnyList, second: AnyList], Like<'first'>>((first, second) => {
    const others = filtered('arrayExcept', first, element => callOf('list_position', second, element).isNull());
    return labelled('arrayExcept', [first, second], unlessNull([toColumn(second)], distinct(others)));
  }),

  /** `flatten(lists)`: a list of lists as one list; null if one of them is null. */
  flatten: typed<[lists: List<AnyList | null>], Like<'flattened'>>(all =>
    labelled('flatten', [all], choose(holdsNull(all).not(), callOf('flatten', all))),
  ),

  /** `transform(list, (element, index) => ...)`: what a callback makes of each element; the index counts from 0. */
  transform: declared<Transform>((list, callback) => {
    const each = onElements('transform', callback);
    return labelled('transform', [list, each], callOf('list_transform', list, each));
  }),

  /** `filter(list, (element, index) => ...)`: the elements for which a callback is true; the index counts from 0. */
  filter: declared<FilterList>((list, callback) => {
    const each = onElements('filter', callback);
    return labelled('filter', [list, each], callOf('list_filter', list, each));
  }),

  /** `exists(list, element => ...)`: true if a callback is true for some element; null where it is null for one and true for none. */
  exists: declared<TestElements>((list, callback) => {
    const each = onElements('exists', callback);
    const results = callOf('list_transform', list, each);
    return labelled(
      'exists',
      [list, each],
      choose(holds(results, true), true, choose(holdsNull(results).not(), false)),
    );
  }),

  /** `forall(list, element => ...)`: true if a callback is true for every element; null where it is null for one and false for none. */
  forall: declared<TestElements>((list, callback) => {
    const each = onElements('forall', callback);
    const results = callOf('list_transform', list, each);
    return labelled(
      'forall',
      [list, each],
      choose(holds(results, false), false, choose(holdsNull(results).not(), true)),
    );
  }),

  /** `reduce(list, initial, (sum, element) => ...)`: one value of all elements, put together from the first to the last. The initial value has the type of the elements, or a wider one. */
  reduce: declared<Reduce>((list, initial, callback) => {
    checkCallback('reduce', callback);
    const step = lambda('reduce', (sum, element) => callback(sum!, element!), 2);
    return labelled('reduce', [list, initial, step], callOf('list_reduce', list, step, initial));
  }),

  /** `zipWith(first, second, (a, b) => ...)`: what a callback makes of the elements of two lists side by side; the shorter is filled up with nulls. */
  zipWith: declared<ZipWith>((first, second, callback) => {
    checkCallback('zipWith', callback);
    const side = (pair: Column, at: number): Column => callOf('struct_extract_at', pair, at);
    const call = lambda('zipWith', pair => callback(side(pair!, 1), side(pair!, 2)), 1);
    const zipped = callOf('list_transform', callOf('list_zip', first, second), call);
    return labelled('zipWith', [first, second, call], unlessNull([toColumn(first), toColumn(second)], zipped));
  }),
};

type ElementCallback = (element: Column, index: Column) => ColumnOrValue;

function filtered(name: string, list: ColumnOrValue, callback: ElementCallback): Column {
  return callOf('list_filter', list, onElements(name, callback));
}

/** The engine counts elements from 1; one that is not asked for is not counted. */
function onElements(name: string, callback: ElementCallback): Column {
  checkCallback(name, callback);
  if (callback.length < 2) return lambda(name, element => callback(element!, element!), 1);
  return lambda(name, (element, index) => callback(element!, index!.sub(1)), 2);
}

/** A list is looked for in for each of its elements: it is computed once, as the only element of a list. */
function distinct(list: ColumnOrValue): Column {
  const ofList = (all: Column): Column => {
    const isFirst = lambda('arrayDistinct', (element, at) => callOf('list_position', all, element!).eq(at!), 2);
    return callOf('list_filter', all, isFirst);
  };
  const each = lambda('arrayDistinct', only => ofList(only!), 1);
  return callOf('list_extract', callOf('list_transform', callOf('list_value', list), each), 1);
}

function joined(all: readonly ColumnOrValue[]): Column {
  return all.map(toColumn).reduce((list, next) => callOf('list_concat', list, next));
}

function holds(list: Column, value: boolean): Column {
  return callOf('list_contains', list, value);
}

function holdsNull(list: ColumnOrValue): Column {
  return callOf('list_count', list).lt(callOf('len', list));
}

function fromOne(what: string, name: string): InframeError {
  return new InframeError(
    'ARGUMENT_INVALID',
    `${what} 0 of ${name}() is none; positions count from 1, or from the end below 0`,
  );
}
