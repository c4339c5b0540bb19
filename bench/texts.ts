import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { reference } from '../src/frame/model.js';
import { Schema } from '../src/frame/schema.js';
import { connect, embedding, text } from '../src/index.js';
import { lengthBatches, packTexts } from '../src/udf/adapters/text/batches.js';
import { type EncodedText, openTokenizer } from '../src/udf/adapters/text/tokenizer.js';
import type { NetworkCallDescriptor, TextBinding } from '../src/udf/descriptor.js';
import { serializeModel } from '../src/udf/onnx/file.js';
import { ModelSession } from '../src/udf/runtime.js';
import { transformer } from '../test/support/transformer.js';
import { formatRates, formatRatios } from './statistics.js';

/*
 * npm run bench:texts
 *
 * The messages of tables/sms.tsv through a small transformer on one thread: runs of rows of like length, as a job makes them, beside
 * runs in the order of the source, as one would write it by hand. Both pad to the longest row of a run.
 */

const FIXTURES = resolve(process.env['INFRAME_FIXTURES'] ?? '../shared/fixtures');
const TOKENIZER = 'test/udf/adapters/text/data/bert-uncased.json';
const ROUNDS = 3;
const RUN_ROWS = 64;
/** As many rows as a job looks at together. */
const WINDOW = 2048;

type Batches = readonly (readonly number[])[];

async function main(): Promise<void> {
  const messages = readFileSync(join(FIXTURES, 'tables', 'sms.tsv'), 'utf8')
    .split('\n')
    .flatMap(line => line.split('\t')[1] ?? []);
  const folder = mkdtempSync(join(tmpdir(), 'inframe-bench-'));
  const path = join(folder, 'bert.onnx');
  const network = { vocabulary: 4000, width: 128, heads: 4, layers: 4, tokenTypes: true, output: 'hidden' } as const;
  writeFileSync(path, serializeModel(transformer(network)));
  const session = await connect();
  try {
    const inputs = { input_ids: text({ tokenizer: TOKENIZER, maxLength: 256 }) };
    const outputs = { last_hidden_state: embedding() };
    const model = await session.model(path, { inputs, outputs });
    const call = model[reference].bind(
      { positional: [], named: {} },
      () => ({ kind: 'string' }),
      new Schema([{ name: 'text', type: { kind: 'string' } }]),
    ).descriptor as NetworkCallDescriptor;
    const binding = call.inputs[0] as TextBinding;
    const tokenizer = openTokenizer({ ...binding, adapter: 'text' });
    const started = performance.now();
    const texts = messages.map(message => tokenizer.encode(message)) as readonly EncodedText[];
    const tokenizing = (performance.now() - started) / messages.length;
    const lengths = texts.map(({ ids }) => ids.length);
    const all = texts.map((_, row) => row);
    const windows = Array.from({ length: Math.ceil(all.length / WINDOW) }, (_, at) =>
      all.slice(at * WINDOW, (at + 1) * WINDOW),
    );
    const byLength = windows.flatMap(rows => lengthBatches(lengths, rows, { maxTokens: 4096, maxRows: RUN_ROWS }));
    const inOrder = Array.from({ length: Math.ceil(all.length / RUN_ROWS) }, (_, at) =>
      all.slice(at * RUN_ROWS, (at + 1) * RUN_ROWS),
    );
    const computed = (batches: Batches): number =>
      batches.reduce((sum, rows) => sum + rows.length * Math.max(...rows.map(row => lengths[row]!)), 0);
    const input = (name: string | undefined) => (name === undefined ? undefined : { name, dtype: binding.dtype });
    const { name, mask, types, dtype, length } = binding;
    const tensors = { ids: { name, dtype }, mask: input(mask), types: input(types), length };
    const open = await ModelSession.open(call.model);
    const rate = async (batches: Batches): Promise<number> => {
      const begun = performance.now();
      for (const rows of batches) {
        const feeds = packTexts(tensors, texts, rows, tokenizer);
        await open.run(feeds);
      }
      return messages.length / ((performance.now() - begun) / 1000);
    };
    const rates = { byLength: [] as number[], inOrder: [] as number[] };
    await rate(byLength.slice(0, 4));
    for (let round = 0; round < ROUNDS; round++) {
      rates.byLength.push(await rate(byLength));
      rates.inOrder.push(await rate(inOrder));
    }
    await open.close();
    const tokens = lengths.reduce((sum, length) => sum + length, 0);
    const share = (batches: Batches): string => (computed(batches) / tokens).toFixed(2);
    const result = `# Texts of like length in a run

Written by \`npm run bench:texts\`: ${cpus()[0]!.model.replace(/\s+/g, ' ')}, one thread, Node ${process.versions.node}. The ${messages.length} messages of tables/sms.tsv (${(tokens / messages.length).toFixed(0)} tokens
on average, the longest ${lengths.reduce((most, length) => Math.max(most, length), 0)}), a transformer of ${network.layers} layers of width ${network.width}, at most ${RUN_ROWS} rows a run; ${ROUNDS} rounds, both in each.

| | messages a second | tokens computed for each that is there |
|---|---|---|
| rows of like length together | ${formatRates(rates.byLength)} | ${share(byLength)} |
| in the order of the source | ${formatRates(rates.inOrder)} | ${share(inOrder)} |

By length is ${formatRatios(rates.byLength, rates.inOrder)} times as fast. Tokenising takes ${(tokenizing * 1000).toFixed(0)} microseconds a message.
`;
    writeFileSync('bench/texts-results.md', result);
    process.stdout.write(result);
  } finally {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
