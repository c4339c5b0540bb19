/*
 * Just enough of WebAssembly's binary format to write a loop over pixels by hand (https://webassembly.github.io/spec/core/binary/).
 * A function is written as nested lists of instructions, each by its name in the specification; operands come off a stack.
 */

/** Bytes of instructions. */
export type Code = readonly number[];

const OPCODES = {
  'i32.lt_s': [0x48],
  'i32.add': [0x6a],
  'i32.mul': [0x6c],
  'i32.shl': [0x74],
  'i32x4.splat': [0xfd, 0x11],
  'i32x4.add': [0xfd, 0xae, 0x01],
  'i32x4.mul': [0xfd, 0xb5, 0x01],
  'i32x4.shr_s': [0xfd, 0xac, 0x01],
  'i16x8.extend_low_i8x16_u': [0xfd, 0x89, 0x01],
  'i32x4.extend_low_i16x8_u': [0xfd, 0xa9, 0x01],
  'i32x4.extend_high_i16x8_u': [0xfd, 0xaa, 0x01],
  'i16x8.narrow_i32x4_s': [0xfd, 0x85, 0x01],
  'i8x16.narrow_i16x8_u': [0xfd, 0x66],
} as const;

/** An instruction that takes all it needs from the stack, after the code that puts it there. */
export function apply(name: keyof typeof OPCODES, ...operands: readonly Code[]): Code {
  return [...operands.flat(), ...OPCODES[name]];
}

const LOADS = { 'i32.load': [0x28], 'v128.load8x8_u': [0xfd, 0x02], 'v128.load32_zero': [0xfd, 0x5c] } as const;

/** What lies in memory at `address` + `offset`, however it is aligned. */
export function load(name: keyof typeof LOADS, address: Code, offset = 0): Code {
  return [...address, ...LOADS[name], 0, ...unsigned(offset)];
}

const STORES = { 'v128.store': [0xfd, 0x0b], 'v128.store32_lane': [0xfd, 0x5a] } as const;

/** Into memory at `address`: all 16 bytes of a vector, or the first 4. */
export function store(name: keyof typeof STORES, address: Code, value: Code): Code {
  return [...address, ...value, ...STORES[name], 0, 0, ...(name === 'v128.store32_lane' ? [0] : [])];
}

export function constant(value: number): Code {
  return [0x41, ...signed(value)];
}

export function get(local: number): Code {
  return [0x20, ...unsigned(local)];
}

export function set(local: number, value: Code): Code {
  return [...value, 0x21, ...unsigned(local)];
}

/** `local += amount` */
export function increase(local: number, amount: Code): Code {
  return set(local, apply('i32.add', get(local), amount));
}

/** The body again and again while local `counter` is below `end`; at least once. */
export function repeat(counter: number, end: Code, ...body: readonly Code[]): Code {
  return [0x03, 0x40, ...body.flat(), ...apply('i32.lt_s', get(counter), end), 0x0d, 0, 0x0b];
}

/** A function of integers that gives nothing back. Its locals are its parameters, then integers, then vectors. */
export interface Routine {
  readonly name: string;
  readonly parameters: number;
  readonly integers: number;
  readonly vectors: number;
  readonly body: readonly Code[];
}

const I32 = 0x7f;
const V128 = 0x7b;

/** The module of these functions and of one memory, which it imports as `memory` of `host`. */
export function assemble(routines: readonly Routine[]): Uint8Array<ArrayBuffer> {
  const types = routines.map(({ parameters }) => [0x60, ...list(Array.from({ length: parameters }, () => [I32])), 0]);
  const memory = [...text('host'), ...text('memory'), 0x02, 0x00, 1];
  const exported = routines.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]);
  const bodies = routines.map(({ integers, vectors, body }) => {
    const locals = [
      [...unsigned(integers), I32],
      [...unsigned(vectors), V128],
    ];
    return sized([...list(locals), ...body.flat(), 0x0b]);
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(2, list([memory])),
    ...section(3, list(routines.map((_, index) => unsigned(index)))),
    ...section(7, list(exported)),
    ...section(10, list(bodies)),
  ]);
}

function section(id: number, content: Code): Code {
  return [id, ...sized(content)];
}

function sized(content: Code): Code {
  return [...unsigned(content.length), ...content];
}

function list(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): Code {
  return sized([...new TextEncoder().encode(value)]);
}

/** LEB128: seven bits a byte, the lowest first; the eighth says that more follow. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  const low = value & 0x7f;
  const rest = value >> 7;
  const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return last ? [low] : [low | 0x80, ...signed(rest)];
}
