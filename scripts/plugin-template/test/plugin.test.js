/** Tests the server half in a separate instance of ved. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startVed } from 'ved/testing';

/** @type {import('ved/testing').Ved} */
let ved;
before(async () => {
  ved = await startVed();
});
after(() => ved?.stop());

test('stores greetings with the name of the user', async () => {
  const editor = await ved.signIn('editor');
  const { status, body } = await editor('POST', '/api/__id__/greetings', { text: 'Hello' });
  assert.equal(status, 200);
  assert.deepEqual(body, [{ id: 1, text: 'Hello', said_by: 'ed1' }]);
});

test('allows viewers only to read', async () => {
  const viewer = await ved.signIn('viewer');
  assert.equal((await viewer('GET', '/api/__id__/greetings')).status, 200);
  assert.equal((await viewer('POST', '/api/__id__/greetings', { text: 'Hello' })).status, 403);
});
