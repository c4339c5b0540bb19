import type { ColumnView, NumericColumn, StringColumn, Validity } from '../../src/udf/columns.js';
import type { InputBinding, NetworkCallDescriptor, TensorBinding, TensorOutput } from '../../src/udf/descriptor.js';
import { type NumericArray, numericArray } from '../../src/udf/dtypes.js';
import type { ModelSession, Tensor } from '../../src/udf/runtime.js';
import type { Dtype } from '../../src/udf/signature.js';

/*
 * Columns, calls and networks made by hand, for the tests of packing and scoring.
 */

export function validityOf(values: readonly unknown[]): Validity {
  if (values.every(value => value !== null)) return undefined;
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, row) => {
    if (value !== null) bits[row >> 3]! |= 1 << (row & 7);
  });
  return bits;
}

/** A column of numbers; what stands under a null is arbitrary, here 77. */
export function numbers(values: readonly (number | bigint | null)[], dtype: Dtype = 'float32'): NumericColumn {
  const array = numericArray(dtype, values.length);
  values.forEach((value, row) => {
    array[row] = value ?? (array instanceof BigInt64Array || array instanceof BigUint64Array ? 77n : 77);
  });
  return { kind: 'numeric', values: array, validity: validityOf(values) };
}

export function strings(values: readonly (string | null)[]): StringColumn {
  return {
    kind: 'string',
    at: index => {
      const value = values[index];
      if (value === null || value === undefined) throw new Error(`text ${index} is not there`);
      return value;
    },
    validity: validityOf(values),
  };
}

type Element = number | bigint | string | null;

/** A column of lists. Elements of null lists are there in memory all the same, as in an engine's. */
export function lists(rows: readonly (readonly Element[] | null)[], dtype: Dtype = 'float32'): ColumnView {
  const flat: Element[] = [];
  const entries = new BigUint64Array(rows.length * 2);
  rows.forEach((row, index) => {
    // A gap before each list: offsets need not follow one another.
    flat.push(dtype === 'string' ? 'gap' : dtype === 'int64' ? 99n : 99);
    entries[index * 2] = BigInt(flat.length);
    entries[index * 2 + 1] = BigInt(row?.length ?? 5);
    if (row !== null) flat.push(...row);
  });
  const child =
    dtype === 'string' ? strings(flat as (string | null)[]) : numbers(flat as (number | bigint | null)[], dtype);
  return { kind: 'list', entries, child, validity: validityOf(rows) };
}

export function input(
  layout: TensorBinding['layout'],
  columns: number,
  rowDims: readonly (number | null)[],
  dtype: Dtype = 'float32',
  name = 'x',
): TensorBinding {
  return { name, dtype, layout, columns, rowDims };
}

export function output(rowDims: readonly (number | null)[] = [], dtype: Dtype = 'float32', name = 'y'): TensorOutput {
  return { name, dtype, rowDims };
}

export function callOf(
  inputs: readonly InputBinding[],
  batchRows: number,
  more: Partial<NetworkCallDescriptor> & { readonly fixed?: boolean } = {},
): NetworkCallDescriptor {
  const { fixed = false, ...rest } = more;
  return {
    kind: 'model',
    key: 'key',
    modelName: 'net',
    model: {
      path: 'net.onnx',
      sha256: '',
      threads: 1,
      workers: 1,
      bytes: 1,
      edits: {
        batch: fixed ? { kind: 'fixed', size: batchRows } : { kind: 'free', freed: false },
        transposedInputs: [],
        encodedInputs: [],
        widenedInputs: [],
        widenedOutputs: [],
        outputs: ['y'],
      },
    },
    inputs,
    outputs: [output()],
    misfits: 0,
    nulls: 'null',
    onError: 'null',
    batchRows,
    ...rest,
  };
}

/** A network that is a function, and keeps what it was fed. */
export class FakeSession {
  readonly fed: Readonly<Record<string, Tensor>>[] = [];
  readonly #network: (feeds: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>;

  constructor(network: (feeds: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>) {
    this.#network = network;
  }

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    // Buffers are used again for the next batch.
    const copied = Object.fromEntries(
      Object.entries(feeds).map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() as NumericArray }]),
    );
    this.fed.push(copied);
    return this.#network(copied);
  }

  /** As the scorer wants it: a class with private members has no other form. */
  get session(): ModelSession {
    return this as unknown as ModelSession;
  }

  /** Values of an input, run by run. */
  dataOf(name = 'x'): readonly (readonly unknown[])[] {
    return this.fed.map(feeds => [...(feeds[name]!.data as Iterable<unknown>)]);
  }

  dimsOf(name = 'x'): readonly (readonly number[])[] {
    return this.fed.map(feeds => feeds[name]!.dims);
  }
}

/** One number a row out of the row's values in `x` (`[N, ...]`, or `[k, N]` if `columnMajor`); throws where it throws. */
export function rowWise(rule: (row: readonly number[]) => number, columnMajor = false): FakeSession {
  return new FakeSession(({ x }) => {
    const { data, dims } = x!;
    const rows = columnMajor ? dims[1]! : dims[0]!;
    const width = data.length / rows;
    const y = Float32Array.from({ length: rows }, (_, row) =>
      rule(
        Array.from({ length: width }, (_, column) =>
          Number(data[columnMajor ? column * rows + row : row * width + column]),
        ),
      ),
    );
    return { y: { dtype: 'float32', data: y, dims: [rows] } };
  });
}
