import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pictureHeader } from '../../src/frame/picture-header.js';

/*
 * Pictures of 7 x 5 pixels, but for the WebP of 300 x 2, made with Pillow:
 *   Image.new('RGB', (7, 5)).save(buffer, kind, **options)   # options: progressive=True; lossless=True; ...
 * and cut off behind their headers.
 */
const GOLDEN: readonly (readonly [what: string, base64: string, header: readonly [string, number, number]])[] = [
  [
    'JPEG',
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAAFAAc=',
    ['JPEG', 7, 5],
  ],
  [
    'progressive JPEG with EXIF',
    '/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wgARCAAFAAc=',
    ['JPEG', 7, 5],
  ],
  ['PNG', 'iVBORw0KGgoAAAANSUhEUgAAAAcAAAAFCAIAAAAG', ['PNG', 7, 5]],
  ['GIF', 'R0lGODdhBwAFAIAAAAAAAAAAACwAAAAABwAFAAAI', ['GIF', 7, 5]],
  ['WebP, lossy', 'UklGRjoAAABXRUJQVlA4IC4AAACwAwCdASosAQIA', ['WebP', 300, 2]],
  ['WebP, lossless', 'UklGRhoAAABXRUJQVlA4TA4AAAAvK0EAAAcQEf0P', ['WebP', 300, 2]],
  ['WebP with alpha', 'UklGRoAAAABXRUJQVlA4WAoAAAAYAAAAKwEAAQAA', ['WebP', 300, 2]],
];

test('kind and pixels of pictures', () => {
  for (const [what, base64, [format, width, height]] of GOLDEN) {
    assert.deepEqual(pictureHeader(Buffer.from(base64, 'base64')), { format, width, height }, what);
  }
});

test('what is cut off, or is no picture, is none', () => {
  for (const [what, base64] of GOLDEN) {
    const bytes = Buffer.from(base64, 'base64');
    for (let length = 0; length < bytes.length - 12; length++) {
      // A GIF is known by ten bytes.
      if (what !== 'GIF') assert.equal(pictureHeader(bytes.subarray(0, length)), undefined, `${what}, ${length} bytes`);
    }
  }
  assert.equal(pictureHeader(Buffer.from('plain text, and more of it than a header has')), undefined);
});

test('no bytes make it fail', () => {
  fc.assert(
    fc.property(fc.constantFrom(...GOLDEN), fc.array(fc.tuple(fc.nat(200), fc.nat(255))), ([, base64], changes) => {
      const bytes = Buffer.from(base64, 'base64');
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const header = pictureHeader(bytes);
      assert.ok(header === undefined || (header.width >= 0 && header.height >= 0));
    }),
    { numRuns: 2000, seed: 9 },
  );
});
