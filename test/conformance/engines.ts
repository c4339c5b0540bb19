import { connect, type InframeSession } from '../../src/index.js';

/** Why an engine does not carry out an operation. */
export interface Unsupported {
  /**
   * `not yet`: it could be added; `not possible upstream`: what carries out the engine's plans would have to change first;
   * `never`: it is not wanted.
   */
  readonly kind: 'not yet' | 'not possible upstream' | 'never';
  readonly reason: string;
}

/** An engine that is held to the operations. */
export interface TestedEngine {
  readonly name: string;
  readonly connect: (options: { readonly workers: number }) => Promise<InframeSession>;
  /** By the name of the operation, which has to fail with an InframeError. */
  readonly unsupported: Readonly<Record<string, Unsupported>>;
}

const embedded: TestedEngine = {
  name: 'embedded',
  connect: ({ workers }) => connect({ workers, threads: 1 }),
  unsupported: {},
};

export const ENGINES: readonly TestedEngine[] = Object.freeze([embedded]);
