import { apply, assemble, constant, get, increase, load, type Routine, repeat, set, store } from './assembler.js';
import { PRECISION, type Weights } from './kernels.js';
import { type Raster, scaleColumns, scaleLines } from './scale.js';

/*
 * scale.ts in WebAssembly, four sums at a time: the same numbers, three to four times as fast. A worker has one instance, whose memory
 * is bounded; what does not fit goes the readable way.
 */

/** Bytes that an instance's memory grows to at most. */
const MOST_MEMORY = 32 * 2 ** 20;
/** Source bytes that are taken at a time when lines are scaled, so that they stay in the processor's cache. */
const STRIP = 256 * 1024;
/** Vectors may read and write this much behind the end. */
const SLACK = 32;
const PAGE = 65_536;

const HALF = apply('i32x4.splat', constant(1 << (PRECISION - 1)));

/** `sums[which] += widened * weight` */
function accumulate(sum: number, widened: readonly number[], weight: number): readonly number[] {
  return set(sum, apply('i32x4.add', get(sum), apply('i32x4.mul', widened, get(weight))));
}

/** Two vectors of sums as sixteen-bit numbers. */
function narrowed(low: number, high: number): readonly number[] {
  return apply('i16x8.narrow_i32x4_s', whole(low), whole(high));
}

function whole(sum: number): readonly number[] {
  return apply('i32x4.shr_s', get(sum), constant(PRECISION));
}

/** Address of entry `index` of a table of 32-bit integers. */
function entry(table: number, index: readonly number[]): readonly number[] {
  return apply('i32.add', get(table), apply('i32.shl', index, constant(2)));
}

/** Three channels a pixel, which lie in the first three of four sums; the fourth byte that is written is the next pixel's. */
function linesRoutine(): Routine {
  const [source, line, rows, starts, counts, weights, perLine, width, target] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const [y, x, from, tap, end, offset, sum, weight] = [9, 10, 11, 12, 13, 14, 15, 16];
  const pixel = apply(
    'i32x4.extend_low_i16x8_u',
    apply('i16x8.extend_low_i8x16_u', load('v128.load32_zero', get(from))),
  );
  return {
    name: 'lines',
    parameters: 9,
    integers: 6,
    vectors: 2,
    body: [
      set(y, constant(0)),
      repeat(
        y,
        get(rows),
        set(x, constant(0)),
        set(offset, get(weights)),
        repeat(
          x,
          get(width),
          set(
            from,
            apply('i32.add', get(source), apply('i32.mul', load('i32.load', entry(starts, get(x))), constant(3))),
          ),
          set(tap, get(offset)),
          set(end, apply('i32.add', get(tap), apply('i32.shl', load('i32.load', entry(counts, get(x))), constant(2)))),
          set(sum, HALF),
          repeat(
            tap,
            get(end),
            set(weight, apply('i32x4.splat', load('i32.load', get(tap)))),
            accumulate(sum, pixel, weight),
            increase(from, constant(3)),
            increase(tap, constant(4)),
          ),
          store(
            'v128.store32_lane',
            get(target),
            apply('i8x16.narrow_i16x8_u', narrowed(sum, sum), narrowed(sum, sum)),
          ),
          increase(target, constant(3)),
          increase(offset, apply('i32.shl', get(perLine), constant(2))),
          increase(x, constant(1)),
        ),
        increase(source, get(line)),
        increase(y, constant(1)),
      ),
    ],
  };
}

/** Sixteen neighbours at a time; what is written past a line's end is the next line's, which comes later. */
function columnsRoutine(): Routine {
  const [source, line, starts, counts, weights, perLine, height, target] = [0, 1, 2, 3, 4, 5, 6, 7];
  const [y, x, from, tap, end, top] = [8, 9, 10, 11, 12, 13];
  const sums = [14, 15, 16, 17] as const;
  const [weight, pixels] = [18, 19];
  return {
    name: 'columns',
    parameters: 8,
    integers: 6,
    vectors: 6,
    body: [
      set(y, constant(0)),
      repeat(
        y,
        get(height),
        set(top, apply('i32.add', get(source), apply('i32.mul', load('i32.load', entry(starts, get(y))), get(line)))),
        set(
          end,
          apply('i32.add', get(weights), apply('i32.shl', load('i32.load', entry(counts, get(y))), constant(2))),
        ),
        set(x, constant(0)),
        repeat(
          x,
          get(line),
          ...sums.map(sum => set(sum, HALF)),
          set(from, apply('i32.add', get(top), get(x))),
          set(tap, get(weights)),
          repeat(
            tap,
            get(end),
            set(weight, apply('i32x4.splat', load('i32.load', get(tap)))),
            set(pixels, load('v128.load8x8_u', get(from))),
            accumulate(sums[0], apply('i32x4.extend_low_i16x8_u', get(pixels)), weight),
            accumulate(sums[1], apply('i32x4.extend_high_i16x8_u', get(pixels)), weight),
            set(pixels, load('v128.load8x8_u', get(from), 8)),
            accumulate(sums[2], apply('i32x4.extend_low_i16x8_u', get(pixels)), weight),
            accumulate(sums[3], apply('i32x4.extend_high_i16x8_u', get(pixels)), weight),
            increase(from, get(line)),
            increase(tap, constant(4)),
          ),
          store(
            'v128.store',
            apply('i32.add', get(target), get(x)),
            apply('i8x16.narrow_i16x8_u', narrowed(sums[0], sums[1]), narrowed(sums[2], sums[3])),
          ),
          increase(x, constant(16)),
        ),
        increase(weights, apply('i32.shl', get(perLine), constant(2))),
        increase(target, get(line)),
        increase(y, constant(1)),
      ),
    ],
  };
}

/** What is used of the runtime's `WebAssembly`, which the compiler knows only where it knows browsers. */
interface WebAssemblyApi {
  readonly Memory: new (limits: { initial: number; maximum: number }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

interface Memory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}

interface Instance {
  readonly memory: Memory;
  readonly lines: (...integers: readonly number[]) => void;
  readonly columns: (...integers: readonly number[]) => void;
}

let instance: Instance | undefined;

function start(): Instance {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_MEMORY / PAGE });
  const module = new WebAssembly.Module(assemble([linesRoutine(), columnsRoutine()]));
  // Both are functions of integers that give nothing back: they are assembled above.
  const { lines, columns } = new WebAssembly.Instance(module, { host: { memory } }).exports as Instance;
  instance = { memory, lines, columns };
  return instance;
}

/** Room for so many bytes from address 0 on; undefined where that is more than an instance may have. */
function room(bytes: number): (Instance & { readonly bytes: Uint8Array }) | undefined {
  if (bytes + SLACK > MOST_MEMORY) return undefined;
  const { memory, lines, columns } = instance ?? start();
  const missing = Math.ceil((bytes + SLACK - memory.buffer.byteLength) / PAGE);
  if (missing > 0) memory.grow(missing);
  return { memory, lines, columns, bytes: new Uint8Array(memory.buffer) };
}

/** Lays tables of integers at the start of memory. */
function lay(bytes: Uint8Array, tables: readonly Int32Array[]): readonly number[] {
  const addresses: number[] = [];
  let at = 0;
  for (const table of tables) {
    addresses.push(at);
    new Int32Array(bytes.buffer, at, table.length).set(table);
    at += table.byteLength;
  }
  return addresses;
}

function sizeOf({ starts, counts, weights }: Weights): number {
  return starts.byteLength + counts.byteLength + weights.byteLength;
}

/** {@link scaleLines}, of pictures of three channels in vectors. */
export function scaleLinesFast(source: Raster, table: Weights): Raster {
  const { data, width: sourceWidth, height, channels } = source;
  const line = sourceWidth * channels;
  const width = table.starts.length;
  const rows = Math.max(1, Math.min(height, Math.floor(STRIP / line)));
  const tables = sizeOf(table);
  const target = tables + rows * line + SLACK;
  const place = channels === 3 ? room(target + rows * width * 3) : undefined;
  if (place === undefined) return scaleLines(source, table);
  const [starts, counts, weights] = lay(place.bytes, [table.starts, table.counts, table.weights]);
  const scaled = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y += rows) {
    const some = Math.min(rows, height - y);
    place.bytes.set(data.subarray(y * line, (y + some) * line), tables);
    place.lines(tables, line, some, starts!, counts!, weights!, table.width, width, target);
    scaled.set(place.bytes.subarray(target, target + some * width * 3), y * width * 3);
  }
  return { data: scaled, width, height, channels };
}

/** {@link scaleColumns} in vectors. */
export function scaleColumnsFast(source: Raster, table: Weights, firstRow: number): Raster {
  const { data, width, channels } = source;
  const line = width * channels;
  const height = table.starts.length;
  const tables = sizeOf(table);
  const target = tables + data.length + SLACK;
  const place = room(target + height * line);
  if (place === undefined) return scaleColumns(source, table, firstRow);
  const [starts, counts, weights] = lay(place.bytes, [table.starts, table.counts, table.weights]);
  place.bytes.set(data, tables);
  // The table's lines count from the picture's first, of which memory holds none before `firstRow`.
  const first = tables - firstRow * line;
  place.columns(first, line, starts!, counts!, weights!, table.width, height, target);
  return { data: place.bytes.slice(target, target + height * line), width, height, channels };
}
