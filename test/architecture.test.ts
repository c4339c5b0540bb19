import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Import, readSources, type Source } from './support/sources.js';

/*
 * DESIGN section 1: a folder imports from the folders it stands on, never back.
 */

const sources = readSources();
const byPath = new Map(sources.map(source => [source.path, source]));

/** What each folder may import, beside itself. */
const STANDS_ON: Readonly<Record<string, readonly string[]>> = {
  frame: [],
  udf: ['frame'],
  connectors: ['frame'],
  engine: ['frame', 'udf', 'connectors'],
  transfer: ['frame', 'udf', 'connectors', 'engine'],
  cli: ['frame', 'udf', 'connectors', 'engine', 'transfer', 'index.ts'],
  'index.ts': ['frame', 'udf', 'connectors', 'engine', 'transfer'],
};

function folderOf(path: string): string {
  return path.split('/')[0]!;
}

function importsOf(keep: (each: Import) => boolean): readonly string[] {
  return sources.flatMap(source =>
    source.imports.filter(keep).map(({ target, kind }) => `${source.path} -> ${target} (${kind})`),
  );
}

test('a folder imports only from the folders it stands on', () => {
  const wrong = sources.flatMap(({ path, imports }) => {
    const own = folderOf(path);
    const allowed = STANDS_ON[own];
    assert.ok(allowed !== undefined, `${path}: the folder '${own}' is not in DESIGN section 1`);
    return imports
      .filter(({ inside, target }) => inside && folderOf(target) !== own && !allowed.includes(folderOf(target)))
      .map(({ target }) => `${path} -> ${target}`);
  });
  assert.deepEqual(wrong, []);
});

test('every import inside src/ is of a file that is there', () => {
  const broken = sources.flatMap(({ path, imports }) =>
    imports.filter(({ inside, target }) => inside && !byPath.has(target)).map(({ target }) => `${path} -> ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('frame/ holds no native module and does no I/O', () => {
  const allowed = ['apache-arrow', 'string-width'];
  const outside = sources
    .filter(({ path }) => folderOf(path) === 'frame')
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ inside, target }) => !inside && !allowed.includes(target))
        .map(({ target }) => `${path} -> ${target}`),
    );
  assert.deepEqual(outside, []);
});

test('there are no circles of imports', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (done.has(path) || trail.includes(path)) return;
    for (const { inside, kind, target } of byPath.get(path)?.imports ?? []) {
      if (inside && kind === 'static') visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  assert.deepEqual(circles, []);
});

test('ONNX Runtime is imported in one file', () => {
  const at = importsOf(({ target, kind }) => target.startsWith('onnxruntime') && kind !== 'type');
  assert.deepEqual(at, ['udf/runtime.ts -> onnxruntime-node (static)']);
});

/** The files that are loaded with an entry, each with the way there. */
function loadedWith(entry: string): ReadonlyMap<string, readonly string[]> {
  const ways = new Map<string, readonly string[]>([[entry, [entry]]]);
  const queue = [entry];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    for (const { target, inside, kind } of (byPath.get(path) as Source).imports) {
      if (kind === 'type' || kind === 'url' || ways.has(target)) continue;
      ways.set(target, [...ways.get(path)!, target]);
      if (inside) queue.push(target);
    }
  }
  return ways;
}

test('the main thread cannot run a model, because it does not load ONNX Runtime (Rule 1)', () => {
  for (const entry of ['index.ts', 'cli/main.ts'].filter(path => byPath.has(path))) {
    assert.equal(loadedWith(entry).get('onnxruntime-node')?.join(' -> '), undefined);
  }
});

test('nor can it run a function of the user, because it does not load what does (Rule 1)', () => {
  for (const entry of ['index.ts', 'cli/main.ts'].filter(path => byPath.has(path))) {
    const loaded = loadedWith(entry);
    for (const path of ['udf/function/load.ts', 'udf/function/scorer.ts'])
      assert.equal(loaded.get(path)?.join(' -> '), undefined);
  }
});

test('nor does it load what decodes and tokenises (Rule 1)', () => {
  const decoders = ['sharp', '@huggingface/tokenizers', '@audio/decode-wav', '@audio/decode-mp3', '@audio/decode-flac'];
  for (const entry of ['index.ts', 'cli/main.ts']) {
    const loaded = loadedWith(entry);
    for (const each of decoders) assert.equal(loaded.get(each)?.join(' -> '), undefined);
  }
  const worker = loadedWith('engine/embedded/worker.ts');
  assert.deepEqual(
    decoders.filter(each => !worker.has(each)),
    [],
  );
});

test('a worker does load both', () => {
  const loaded = loadedWith('engine/embedded/worker.ts');
  assert.ok(
    loaded.has('onnxruntime-node') && loaded.has('udf/function/load.ts') && loaded.has('udf/function/scorer.ts'),
  );
});

/** Reviewed: what each dependency is for. A new one is a decision, to be written here. */
const DEPENDENCIES: Readonly<Record<string, string>> = {
  '@audio/decode-flac': 'decodes FLAC',
  '@audio/decode-mp3': 'decodes MP3',
  '@audio/decode-wav': 'decodes WAV',
  '@bufbuild/protobuf': 'ONNX files are protobuf; unknown fields are kept',
  '@duckdb/node-api': 'the relational half of the embedded engine',
  '@duckdb/node-bindings': 'vectors without a copy, below the API; pinned to the version the API wants',
  '@huggingface/tokenizers': 'tokenizer.json: WordPiece, BPE, Unigram',
  'apache-arrow': 'what toArrow() and batches() give',
  'cli-progress': 'the bar of the command line',
  commander: 'the words of the command line',
  'onnxruntime-node': 'runs the networks',
  piscina: 'the pool of worker threads',
  sharp: 'decodes and resizes pictures',
  'string-width': 'how wide a text is in a terminal',
  tinyglobby: 'globs',
};

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

test('the dependencies are those that were reviewed, and each is imported', () => {
  assert.deepEqual(Object.keys(manifest.dependencies).sort(), Object.keys(DEPENDENCIES).sort());
  const imported = new Set(
    sources.flatMap(({ imports }) =>
      imports.filter(({ inside, target }) => !inside && !target.startsWith('node:')).map(({ target }) => target),
    ),
  );
  assert.deepEqual([...imported].sort(), Object.keys(DEPENDENCIES).sort());
});

test('Node is imported as node:', () => {
  const bare = importsOf(({ target }) => ['fs', 'path', 'os', 'url', 'crypto', 'worker_threads'].includes(target));
  assert.deepEqual(bare, []);
});

test('a source file fits on a few screens', () => {
  const generated = 'udf/onnx/onnx_pb.ts';
  const long = sources
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ path, lines }) => path !== generated && lines >= 400)
    .map(({ path, lines }) => `${path}: ${lines} lines`);
  assert.deepEqual(long, []);
});

test('the compiler is not told to look away', () => {
  const away = /@ts-(?:ignore|nocheck|expect-error)|\bas any\b|:\s*any\b|<any>|\bany\[\]/;
  const wrong = sources.flatMap(({ path, text }) =>
    path.endsWith('_pb.ts')
      ? []
      : text
          .split('\n')
          .map((line, index) => ({
            line: line.replace(/\/\/.*$|^\s*\*.*$|(['"`]).*?\1/g, ''),
            at: `${path}:${index + 1}`,
          }))
          .filter(({ line }) => away.test(line) || /@ts-(?:ignore|nocheck|expect-error)/.test(line))
          .map(({ at }) => at),
  );
  assert.deepEqual(wrong, []);
  assert.deepEqual(
    sources.filter(({ text }) => /@ts-(?:ignore|nocheck|expect-error)/.test(text)).map(({ path }) => path),
    [],
  );
});
