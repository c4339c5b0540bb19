import { connect, type InframeSession } from '../../src/index.js';
import { EMBEDDED_FAULTS, EMBEDDED_UNSUPPORTED } from './embedded.js';

/** Why an engine does not carry out an operation. */
export interface Unsupported {
  /**
   * `not yet`: it could be added; `not possible upstream`: what carries out the engine's plans would have to change first;
   * `never`: it is not wanted.
   */
  readonly kind: 'not yet' | 'not possible upstream' | 'never';
  readonly reason: string;
}

/** An operation whose answer is known to be wrong, and is to be mended. */
export interface Fault {
  readonly reason: string;
  /** True if it is wrong in some runs and not in others. */
  readonly sometimes?: true;
}

/** An engine that is held to the operations. */
export interface TestedEngine {
  readonly name: string;
  readonly connect: (options: { readonly workers: number }) => Promise<InframeSession>;
  /** By the name of the operation, which has to fail with an InframeError. */
  readonly unsupported: Readonly<Record<string, Unsupported>>;
  /** By the name of the operation, which must not pass. */
  readonly faults: Readonly<Record<string, Fault>>;
}

export const ENGINES: readonly TestedEngine[] = Object.freeze([
  {
    name: 'embedded',
    connect: ({ workers }) => connect({ workers, threads: 1 }),
    unsupported: EMBEDDED_UNSUPPORTED,
    faults: EMBEDDED_FAULTS,
  },
]);
