import {
  Column,
  type DataFrame,
  type ErrorCode,
  type InframeSession,
  type Model,
  type ModelOptions,
} from '../../src/index.js';
import type { Tolerance } from './compare.js';
import type { Input, Layout } from './inputs.js';
import type { ModelName } from './models.js';
import { type ColumnData, type TableData, table } from './types.js';

/** What an operation can use beside its tables. */
export interface Context {
  readonly session: InframeSession;
  /** A folder that is there, and has nothing in it. */
  readonly folder: string;
  /** The folder in which the files of a table of the operation are. */
  readonly path: (table: string) => string;
  readonly model: (name: ModelName, options?: ModelOptions) => Promise<Model>;
}

/** What any engine has to give. */
export type Outcome =
  | {
      readonly kind: 'table';
      readonly table: TableData;
      /** True if the rows come in this order, and not just in any. */
      readonly ordered: boolean;
      readonly tolerance?: Tolerance;
    }
  /** What an action answers that gives no table. */
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly code: ErrorCode };

type Frames<T> = { readonly [name in keyof T]: DataFrame };
type Build<T> = (tables: Frames<T>, context: Context) => DataFrame | Promise<DataFrame>;

/** An operation over some tables, without its name. */
export interface Declared<T> {
  readonly run: (tables: Frames<T>, context: Context) => unknown;
  readonly outcome: Outcome;
}

/** Something that can be asked of every engine, and the answer. */
export interface Operation extends Declared<Readonly<Record<string, Input>>> {
  /** The method that is asked, or what is tried; then the case: `join: left`. */
  readonly name: string;
  readonly group: string;
  readonly tables: Readonly<Record<string, Input>>;
  /** Where not all: the operation is about other things than where rows come from. */
  readonly layouts?: readonly Layout[];
}

/** Operations over the same tables. */
export function operations<T extends Readonly<Record<string, Input>>>(
  group: string,
  tables: T,
  declared: Readonly<Record<string, Declared<NoInfer<T>>>>,
): readonly Operation[] {
  return Object.entries(declared).map(([name, { run, outcome }]) =>
    Object.freeze<Operation>({
      name,
      group,
      tables,
      outcome,
      // The frames are made of these very tables.
      run: (frames, context) => run(frames as Frames<T>, context),
    }),
  );
}

type Columns = Readonly<Record<string, ColumnData>>;

/** A frame with these rows, in this order. */
export function rows<T>(run: Build<T>, gives: Columns, tolerance?: Tolerance): Declared<T> {
  return { run, outcome: { kind: 'table', table: table(gives), ordered: true, ...(tolerance && { tolerance }) } };
}

/** A frame with these rows, in any order. */
export function anyOrder<T>(run: Build<T>, gives: Columns): Declared<T> {
  return { run, outcome: { kind: 'table', table: table(gives), ordered: false } };
}

/** A column computed of each row of table `t`; given by a function where an engine may refuse to make it. */
export function of<T extends { readonly t: Input }>(
  column: Column | (() => Column),
  gives: ColumnData,
  tolerance?: Tolerance,
): Declared<T> {
  return rows<T>(({ t }) => t.select((column instanceof Column ? column : column()).as('y')), { y: gives }, tolerance);
}

/** How a query is asked. */
interface Asked {
  /** True if the rows come in this order. */
  readonly ordered?: boolean;
  readonly params?: Parameters<InframeSession['sql']>[1];
}

/** A query whose tables are views of their names; `m` is the model `linear`, `pair` is `several` of models.ts. */
export function query<T>(text: string, gives: Columns, { ordered = false, params }: Asked = {}): Declared<T> {
  const run: Build<T> = async (tables, context) => (await named(tables, context)).session.sql(text, params);
  return ordered ? rows(run, gives) : anyOrder(run, gives);
}

/** A statement that has to be refused. */
export function refuses<T>(text: string, code: ErrorCode): Declared<T> {
  return fails(async (tables, context) => (await named(tables, context)).session.sql(text), code);
}

/** The context, in whose session the tables and the models have their names. */
export async function named<T>(tables: Frames<T>, context: Context): Promise<Context> {
  const { session } = context;
  for (const [name, frame] of Object.entries<DataFrame>(tables)) await frame.createView(name, { replace: true });
  session.register('m', await context.model('linear'), { replace: true });
  session.register('pair', await context.model('several'), { replace: true });
  return context;
}

/** Something that is asked of a frame and is no frame. */
export function value<T>(run: (tables: Frames<T>, context: Context) => unknown, gives: unknown): Declared<T> {
  return { run, outcome: { kind: 'value', value: gives } };
}

/** What has to fail, and how. */
export function fails<T>(run: Build<T>, code: ErrorCode): Declared<T> {
  return { run, outcome: { kind: 'error', code } };
}

/** Why floats of functions that standards leave to the platform are not compared bit for bit. */
export const LAST_DIGIT: Tolerance = Object.freeze({
  relative: 2 ** -50,
  reason: 'IEEE 754 does not say how the last digits of this function are rounded',
});
