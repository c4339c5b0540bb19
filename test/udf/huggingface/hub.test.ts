import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fetchModelFolder, type HubOptions, type HubProgress } from '../../../src/udf/huggingface/hub.js';
import { inframeError } from '../../support/onnx.js';
import { temporaryFolder } from '../../support/sessions.js';
import { COMMIT, type Files, hubOf, listing, serve } from './hub-server.js';

const ID = { id: 'org/name', revision: 'main' };
const FILES: Files = {
  'README.md': 'not needed',
  'config.json': '{ "model_type": "x" }',
  'tokenizer.json': '{}',
  '1_Pooling/config.json': '{ "pooling_mode_cls_token": true }',
  'onnx/model.onnx': Uint8Array.from({ length: 3000 }, (_, at) => at % 251),
  'onnx/model.onnx_data': 'weights',
  'onnx/model_quantized.onnx': 'small',
  'pytorch_model.bin': 'not needed',
};
const NEEDED = ['1_Pooling/config.json', 'config.json', 'onnx/model.onnx', 'onnx/model.onnx_data', 'tokenizer.json'];

/** Sets the environment for the length of a test. */
function setEnv(t: TestContext, values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    const before = process.env[name];
    const set = (to: string | undefined): void => {
      if (to === undefined) delete process.env[name];
      else process.env[name] = to;
    };
    set(value);
    t.after(() => set(before));
  }
}

function optionsFor(t: TestContext, endpoint: string, more: HubOptions = {}): HubOptions & { readonly cache: string } {
  setEnv(t, { HF_TOKEN: undefined, HF_ENDPOINT: undefined, HF_HUB_OFFLINE: undefined });
  return { endpoint, cache: join(temporaryFolder(t), 'cache'), ...more } as HubOptions & { readonly cache: string };
}

/** All files under a folder, in order. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

test('a model is downloaded once: its configuration and one network with its weights', async t => {
  const { endpoint, asked } = await serve(t, hubOf('org/name', FILES));
  const options = optionsFor(t, endpoint);
  const folder = await fetchModelFolder(ID, options);
  assert.deepEqual(filesIn(folder), NEEDED);
  for (const path of NEEDED) assert.deepEqual(readFileSync(join(folder, path)), Buffer.from(FILES[path]!));
  assert.equal(asked.length, 1 + NEEDED.length);

  assert.equal(await fetchModelFolder(ID, options), folder);
  assert.equal(asked.length, 1 + NEEDED.length, 'nothing was asked again');
  // A commit that is known needs no looking up; another variant needs one file more.
  assert.equal(await fetchModelFolder({ ...ID, revision: COMMIT }, { ...options, variant: 'quantized' }), folder);
  assert.deepEqual(filesIn(folder), [...NEEDED, 'onnx/model_quantized.onnx'].sort());
  assert.equal(asked.length, 2 + NEEDED.length);
});

test('what is in the cache works without a network, and what is not says so', async t => {
  const { endpoint } = await serve(t, hubOf('org/name', FILES));
  const options = optionsFor(t, endpoint);
  const folder = await fetchModelFolder(ID, options);
  setEnv(t, { HF_HUB_OFFLINE: '1' });
  assert.equal(await fetchModelFolder(ID, options), folder);
  await assert.rejects(
    fetchModelFolder({ ...ID, revision: 'v2' }, options),
    inframeError(
      'MODEL_NOT_FOUND',
      /^model 'org\/name' is not a file or folder here, and the hub 127\.0\.0\.1:\d+ cannot be reached \(HF_HUB_OFFLINE is set\); it needs a network once, and is then in '.*cache'; or give a folder$/,
    ),
  );
});

test('a file that is lost or cut short in the cache comes again', async t => {
  const { endpoint, asked } = await serve(t, hubOf('org/name', FILES));
  const options = optionsFor(t, endpoint);
  const folder = await fetchModelFolder(ID, options);
  rmSync(join(folder, 'config.json'));
  writeFileSync(join(folder, 'onnx/model.onnx'), 'short');
  const before = asked.length;
  await fetchModelFolder(ID, options);
  assert.deepEqual(
    asked.slice(before).map(({ url }) => url),
    [`/org/name/resolve/${COMMIT}/config.json`, `/org/name/resolve/${COMMIT}/onnx/model.onnx`],
  );
  assert.deepEqual(readFileSync(join(folder, 'onnx/model.onnx')), Buffer.from(FILES['onnx/model.onnx']!));
});

test('a branch stays at the state that is in the cache until it is refreshed', async t => {
  const { endpoint, asked } = await serve(t, hubOf('org/name', FILES));
  const options = optionsFor(t, endpoint);
  await fetchModelFolder(ID, options);
  const before = asked.length;
  await fetchModelFolder(ID, { ...options, refresh: true });
  assert.deepEqual(
    asked.slice(before).map(({ url }) => url),
    ['/api/models/org/name/revision/main?blobs=true'],
  );
});

test('progress counts the bytes of what is missing', async t => {
  const { endpoint } = await serve(t, hubOf('org/name', FILES));
  const seen: HubProgress[] = [];
  await fetchModelFolder(ID, optionsFor(t, endpoint, { onProgress: progress => seen.push(progress) }));
  const total = NEEDED.reduce((sum, path) => sum + Buffer.from(FILES[path]!).length, 0);
  assert.deepEqual(seen.at(-1), { file: 'onnx/model.onnx', bytes: total, totalBytes: total });
  assert.ok(seen.every(({ bytes }, at) => at === 0 || bytes > seen[at - 1]!.bytes));
});

test('the token goes to the hub and to no other host', async t => {
  const elsewhere = await serve(t, ({ url }, response) => {
    response.end(FILES[new URL(url ?? '', 'http://x').pathname.replace('/blobs/', '')]);
  });
  const hub = await serve(t, hubOf('org/name', FILES, elsewhere.endpoint));
  const options = optionsFor(t, hub.endpoint);
  setEnv(t, { HF_TOKEN: 'hf_secret' });
  const folder = await fetchModelFolder(ID, options);
  assert.deepEqual(filesIn(folder), NEEDED);
  assert.deepEqual(
    elsewhere.asked.map(({ authorization }) => authorization),
    [undefined, undefined],
  );
  assert.ok(hub.asked.length > 0 && hub.asked.every(({ authorization }) => authorization === 'Bearer hf_secret'));
});

test('what another host sends is checked against what the hub says of it', async t => {
  const elsewhere = await serve(t, (_, response) => {
    response.end(Buffer.alloc(3000));
  });
  const { 'onnx/model.onnx_data': _, ...files } = FILES;
  const { endpoint } = await serve(t, hubOf('org/name', files, elsewhere.endpoint));
  const options = optionsFor(t, endpoint);
  await assert.rejects(
    fetchModelFolder(ID, options),
    inframeError(
      'MODEL_INVALID',
      /^file 'onnx\/model\.onnx' did not come as the hub has it: its SHA-256 is [0-9a-f]{64} and not [0-9a-f]{64}; try again$/,
    ),
  );
  assert.ok(filesIn(options.cache).every(path => !path.includes('model.onnx') && !path.endsWith('.part')));
});

test('files of the wrong size or content leave nothing behind', async t => {
  const cases: readonly (readonly [path: string, content: string, RegExp])[] = [
    ['config.json', '{ "model_type": "y" }', /'config\.json' did not come .*: its hash is [0-9a-f]{40} and not/],
    ['config.json', '{}', /'config\.json' did not come .*: 2 of 21 bytes came/],
    ['config.json', `{ "model_type": "xx" }`, /more than 21 bytes came/],
    ['onnx/model.onnx', 'y'.repeat(3000), /its SHA-256 is/],
  ];
  for (const [path, content, message] of cases) {
    const right = hubOf('org/name', FILES);
    const { endpoint } = await serve(t, (request, response) => {
      // Without the length and tag that a server of wrong bytes would state itself.
      if (request.url?.endsWith(`/${path}`)) response.write(content, () => response.end());
      else right(request, response);
    });
    const options = optionsFor(t, endpoint);
    await assert.rejects(fetchModelFolder(ID, options), inframeError('MODEL_INVALID', message), path);
    assert.ok(filesIn(options.cache).every(name => !name.endsWith(`/${path}`) && !name.endsWith('.part')));
  }
});

test('a connection that breaks midway is said, and what was whole is kept', async t => {
  let broken = true;
  const right = hubOf('org/name', FILES);
  const { endpoint, asked } = await serve(t, (request, response) => {
    if (!broken || !request.url?.endsWith('model.onnx')) return right(request, response);
    response.setHeader('content-length', 3000);
    response.write(Buffer.alloc(1000), () => response.socket?.destroy());
  });
  const options = optionsFor(t, endpoint);
  await assert.rejects(
    fetchModelFolder(ID, options),
    inframeError(
      'MODEL_NOT_FOUND',
      /the hub 127\.0\.0\.1:\d+ cannot be reached \(file 'onnx\/model\.onnx' ended after (?:0|1000) of 3000 bytes: .+\); it needs/,
    ),
  );
  assert.ok(filesIn(options.cache).every(path => !path.endsWith('.part')));
  broken = false;
  const before = asked.length;
  await fetchModelFolder(ID, options);
  assert.equal(asked.length, before + 1);
});

test('a hub that falls silent, or is stopped, is not waited for', async t => {
  const right = hubOf('org/name', FILES);
  const { endpoint } = await serve(t, (request, response) => {
    if (!request.url?.endsWith('config.json')) return right(request, response);
    response.setHeader('content-length', 21);
    response.write('{');
  });
  const options = optionsFor(t, endpoint);
  await assert.rejects(
    fetchModelFolder(ID, { ...options, patience: 50 }),
    inframeError('MODEL_NOT_FOUND', /config\.json' ended after 1 of 2?1?.* bytes: no byte for 0\.05 s/),
  );
  const controller = new AbortController();
  const stopped = fetchModelFolder(ID, { ...options, signal: controller.signal, onProgress: () => controller.abort() });
  await assert.rejects(stopped, inframeError('JOB_ABORTED', /^download was stopped$/));
  await assert.rejects(
    fetchModelFolder({ ...ID, revision: 'v2' }, { ...options, signal: controller.signal }),
    inframeError('JOB_ABORTED', /stopped/),
  );
  assert.ok(filesIn(options.cache).every(path => !path.endsWith('.part')));
});

test('what a hub refuses with is said in words', async t => {
  const cases: readonly (readonly [status: number, code: string | undefined, RegExp])[] = [
    [
      404,
      'RepoNotFound',
      /^model 'org\/name' is not a file or folder here, and 127\.0\.0\.1:\d+ has no such model to show \(status 404\); check the id, or set HF_TOKEN if it is private$/,
    ],
    [401, undefined, /no such model to show \(status 401\)/],
    [
      401,
      'GatedRepo',
      /^model 'org\/name' is for those whom its owners let in; ask at http:\/\/127\.0\.0\.1:\d+\/org\/name, and set HF_TOKEN/,
    ],
    [404, 'RevisionNotFound', /^model 'org\/name' has no revision 'main' on/],
    [429, undefined, /cannot be had from .* now \(status 429\); it is asked too often/],
    [503, undefined, /cannot be had from .* now \(status 503\); try again later/],
  ];
  for (const [status, code, message] of cases) {
    const { endpoint } = await serve(t, (_, response) => {
      response.writeHead(status, code === undefined ? {} : { 'x-error-code': code }).end('<html>');
    });
    await assert.rejects(
      fetchModelFolder(ID, optionsFor(t, endpoint)),
      inframeError('MODEL_NOT_FOUND', message),
      String(message),
    );
  }
});

test('answers that are none', async t => {
  const cases: readonly (readonly [answer: string, RegExp])[] = [
    ['<html>', /is not described by 127\.0\.0\.1:\d+ as a hub describes models; check the endpoint/],
    ['[]', /is not described/],
    ['{ "sha": "../../x", "siblings": [] }', /is not described/],
    [`{ "sha": "${COMMIT}", "siblings": 3 }`, /is not described/],
  ];
  for (const [answer, message] of cases) {
    const { endpoint } = await serve(t, (_, response) => {
      response.end(answer);
    });
    const options = optionsFor(t, endpoint);
    await assert.rejects(fetchModelFolder(ID, options), inframeError('MODEL_INVALID', message), answer);
  }
  const { endpoint } = await serve(t, hubOf('org/name', { 'config.json': '{}' }));
  await assert.rejects(
    fetchModelFolder(ID, optionsFor(t, endpoint)),
    inframeError('MODEL_NOT_FOUND', /'org\/name' has no ONNX file/),
  );
});

test('names that lead elsewhere are not followed', async t => {
  const evil = [
    '../evil.onnx',
    'onnx/../../evil.onnx',
    '/etc/evil.onnx',
    'C:\\evil.onnx',
    'onnx/..\\..\\evil.onnx',
    'onnx/a\0.onnx',
    '.evil.onnx',
    'onnx/evil.onnx ',
  ];
  const names = [...evil, '1_..\\x/config.json', '../1_Pooling/config.json'];
  const { endpoint, asked } = await serve(t, (request, response) => {
    if (request.url?.startsWith('/api/'))
      response.end(JSON.stringify(listing(Object.fromEntries(names.map(name => [name, 'x'])))));
    else response.end('x');
  });
  const options = optionsFor(t, endpoint);
  await assert.rejects(fetchModelFolder(ID, options), inframeError('MODEL_NOT_FOUND', /has no ONNX file/));
  assert.equal(asked.length, 1);
});

test('redirections that are not followed', async t => {
  const right = hubOf('org/name', FILES);
  for (const [location, message] of [
    ['file:///etc/passwd', /it sends on to file:\/\/, which is not followed/],
    [undefined, /it sends on to no address, which is not followed/],
    ['/org/name/again', /more than 5 redirections/],
  ] as const) {
    const { endpoint } = await serve(t, (request, response) => {
      if (request.url?.startsWith('/api/')) right(request, response);
      else response.writeHead(302, location === undefined ? {} : { location }).end();
    });
    await assert.rejects(
      fetchModelFolder(ID, optionsFor(t, endpoint)),
      inframeError('MODEL_NOT_FOUND', message),
      String(location),
    );
  }
});

test('a hub that is not there', async t => {
  // A port that was free a moment ago.
  const { endpoint } = await serve(t, () => {});
  const options = optionsFor(t, endpoint.replace(/:\d+$/, ':1'));
  await assert.rejects(
    fetchModelFolder(ID, options),
    inframeError('MODEL_NOT_FOUND', /cannot be reached \((?:ECONNREFUSED|bad port)\); it needs a network once/),
  );
  await assert.rejects(
    fetchModelFolder(ID, { ...options, endpoint: 'ftp://x' }),
    inframeError('ARGUMENT_INVALID', /^endpoint 'ftp:\/\/x' is no address/),
  );
  setEnv(t, { HF_TOKEN: 'hf_sécret' });
  await assert.rejects(fetchModelFolder(ID, options), (error: Error) => {
    assert.ok(inframeError('ARGUMENT_INVALID', /^token in HF_TOKEN has characters/)(error));
    return !error.message.includes('cret');
  });
});

test('a cache that cannot be written to', async t => {
  const { endpoint } = await serve(t, hubOf('org/name', FILES));
  const options = optionsFor(t, endpoint);
  writeFileSync(options.cache, 'a file in the way');
  await assert.rejects(
    fetchModelFolder(ID, options),
    inframeError(
      'TARGET_NOT_WRITABLE',
      /^cache file '.*' cannot be written: .*; name another folder, with INFRAME_CACHE$/,
    ),
  );
});

test('what a killed program left long ago is taken away, and what is being written stays', async t => {
  const { endpoint } = await serve(t, hubOf('org/name', FILES));
  const options = optionsFor(t, endpoint);
  const folder = join(options.cache, new URL(endpoint).host.replace(':', '_'), 'org--name', COMMIT);
  await mkdir(folder, { recursive: true });
  for (const name of ['old', 'new']) writeFileSync(join(folder, `.config.json.${name}.part`), 'x');
  utimesSync(join(folder, '.config.json.old.part'), 0, 0);
  assert.equal(await fetchModelFolder(ID, options), folder);
  assert.deepEqual(filesIn(folder), ['.config.json.new.part', ...NEEDED]);
});

test('two that download the same at once both have it', async t => {
  const { endpoint } = await serve(t, hubOf('org/name', FILES));
  const options = optionsFor(t, endpoint);
  const [one, other] = await Promise.all([fetchModelFolder(ID, options), fetchModelFolder(ID, options)]);
  assert.equal(one, other);
  assert.deepEqual(filesIn(one), NEEDED);
});
