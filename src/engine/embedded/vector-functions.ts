/*
 * `cosine`, `dot` and `l2` as functions of DuckDB's SQL. DuckDB has functions for fixed arrays and others for lists, each
 * for one type of float, and all fail where a vector holds a null or is of another length. Ours take any mixture of them,
 * and give null there (Rule 5).
 *
 * What is declared as `DOUBLE[]` takes lists and fixed arrays of every type of number, and nothing else. A macro is put
 * in as text wherever it is called: through the list of one pair, its arguments are computed once, and `TRY`, which stands
 * neither around a subquery nor around what is volatile, stands around neither.
 *
 * DuckDB refuses a row also for the nulls of its neighbours, those that a filter has left out among them. What has been
 * refused is tried once more, on copies without the vectors that hold a null: looking for nulls costs more than the sum,
 * and so is done only where there are some.
 */

/** A value of two vectors; null where DuckDB refuses them. */
function ofPair(value: (a: string, b: string) => string): string {
  const clean = (side: string): string =>
    `list_resize(CASE WHEN list_position(${side}, NULL) IS NULL THEN ${side} END, len(${side}))`;
  const again = value(clean('p.a'), clean('p.b'));
  return `list_transform([{a: a, b: b}], lambda p: coalesce(TRY(${value('p.a', 'p.b')}), TRY(${again})))`;
}

/** DuckDB's own `list_cosine_similarity` is -1 of a zero vector, and of NaN. */
function cosine(a: string, b: string): string {
  const dot = (x: string, y: string): string => `list_dot_product(${x}, ${y})`;
  return `${dot(a, b)} / (sqrt(${dot(a, a)}) * sqrt(${dot(b, b)}))`;
}

/** The functions by name, as expressions of the vectors `a` and `b`. */
const VECTOR_FUNCTIONS = {
  cosine: `list_transform(${ofPair(cosine)},
    lambda x: CASE WHEN isfinite(x) THEN greatest(-1::DOUBLE, least(1::DOUBLE, x)) END)[1]`,
  dot: `${ofPair((a, b) => `list_dot_product(${a}, ${b})`)}[1]`,
  l2: `${ofPair((a, b) => `list_distance(${a}, ${b})`)}[1]`,
} as const;

/** Statements that make the functions in a database. */
export const CREATE_VECTOR_FUNCTIONS: readonly string[] = Object.entries(VECTOR_FUNCTIONS).map(
  ([name, body]) => `CREATE MACRO ${name}(a DOUBLE[], b DOUBLE[]) AS ${body}`,
);

/** The vector function that DuckDB has refused for its arguments' types; undefined of another error. */
export function refusedVectorFunction(message: string): string | undefined {
  const name = /Macro "?(\w+)"?\(\) does not support the supplied arguments/.exec(message)?.[1];
  return name !== undefined && Object.hasOwn(VECTOR_FUNCTIONS, name) ? name : undefined;
}
