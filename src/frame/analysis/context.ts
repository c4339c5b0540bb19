import type { Engine } from '../engine.js';
import type { Names } from '../names.js';
import type { Plan } from '../plan.js';
import type { Relation } from '../relation.js';

/** What analysis asks: the engine for files and types, the session for names. */
export interface AnalysisContext {
  readonly engine: Engine;
  readonly names: Names;
  /** Views that are being looked into, so that one that reads itself is found. */
  readonly open: readonly string[];
  /** Checks a plan; for the parts of a plan. */
  readonly analyze: (plan: Plan) => Promise<Relation>;
}
