import type { Column, ColumnOrValue } from '../expr.js';
import type { FunctionOf } from '../typed/functions.js';
import { callOf, type List, labelled, type Numeric, toColumn } from './declare.js';

/** A list of numbers in a program: a query vector that is the same in every row. */
type TypedVector = Float32Array | Float64Array;

/** What a vector may be in a table, and in a program. */
type Vector = List<Numeric | null> | TypedVector;

/** What may be given for a vector. */
type VectorGiven = ColumnOrValue | TypedVector;

type OfVectors = FunctionOf<[a: Vector, b: Vector], number | null, [a: VectorGiven, b: VectorGiven]>;

/*
 * A vector is a list or fixed array of numbers of any type; what is computed, is computed in 64 bits. A pair that cannot be
 * compared is that row's misfortune (Rule 5): null, whatever the reason.
 */

export const vectors = {
  /** `cosine(a, b)`: the cosine of the angle between two vectors, from -1 to 1; null of vectors of unlike length, or of one that is empty, zero, or not finite, or that holds a null. */
  cosine: ofVectors('cosine'),

  /** `dot(a, b)`: the sum of the products of their elements; null of vectors of unlike length, or of one that holds a null. */
  dot: ofVectors('dot'),

  /** `l2(a, b)`: the Euclidean distance between two vectors; null of vectors of unlike length, or of one that holds a null. */
  l2: ofVectors('l2'),
};

function ofVectors(name: string): OfVectors {
  return (...[a, b]: readonly [a: VectorGiven, b: VectorGiven]) => {
    const args = [a, b].map(toVector);
    return labelled(name, args, callOf(name, ...args));
  };
}

/** A copy of what a caller may change later, as a literal. */
function toVector(value: VectorGiven): Column {
  return toColumn(value instanceof Float32Array || value instanceof Float64Array ? Array.from(value) : value);
}
