import { anyRelation, inputsOf, type Relation, type ScanRelation, withInputs } from '../../frame/relation.js';

/**
 * The relation with the rows of its caches in their place. Caches are filled by whoever comes first; the others wait for the
 * same rows.
 *
 * @param keep computes a plan and keeps its rows until the session closes
 */
export async function computeCaches(
  relation: Relation,
  keep: (relation: Relation) => Promise<ScanRelation>,
): Promise<Relation> {
  if (!anyRelation(relation, ({ kind }) => kind === 'cache')) return relation;
  if (relation.kind !== 'cache') {
    const inputs: Relation[] = [];
    for (const input of inputsOf(relation)) inputs.push(await computeCaches(input, keep));
    return withInputs(relation, inputs);
  }
  const { store } = relation;
  store.result ??= keep(relation.input).catch((error: unknown) => {
    // A failure is not kept: the next action tries again.
    store.result = undefined;
    throw error;
  });
  return { ...(await store.result), schema: relation.schema };
}
