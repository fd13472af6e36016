/** For the tests of plugins: runs ved with the plugin in a separate process. Plugins import this as `ved/testing`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureBuilt } from './build.mjs';
import { root } from './install.mjs';

/** The users in a new data folder. */
const USERS = { editor: ['ed1', '1editor'], viewer: ['mo1', '2viewer'] };

export async function startVed({ folder = process.cwd(), env = {} } = {}) {
  await ensureBuilt(['server']);
  const dataDir = await mkdtemp(join(tmpdir(), 'ved-plugin-test-'));
  const child = spawn(process.execPath, [join(root, 'build/server/main.js')], {
    env: {
      ...process.env,
      PORT: '0',
      VED_LOG_LEVEL: 'error',
      // Do not prepare an interpreter in advance: most tests run no script.
      VED_RUNNER: 'pyodide',
      VED_POOL_SIZE: '0',
      ...env,
      VED_DATA_DIR: dataDir,
      VED_DEV_PLUGINS: resolve(folder),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const url = await Promise.race([
      addressOf(child),
      ended.then(([code]) => Promise.reject(new Error(`ved ended with ${code}; the lines above say why`))),
    ]);
    const signIn = (role) => signInAt(url, ...USERS[role]);
    await checkStarted(await signIn('editor'));
    return { url, signIn, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function addressOf(child) {
  return new Promise((found) => {
    createInterface(child.stdout).on('line', (line) => {
      const address = /^ved is at (\S+)/.exec(line)?.[1];
      if (address) found(address);
    });
  });
}

async function checkStarted(editor) {
  const { body: plugins } = await editor('GET', '/api/plugins');
  const broken = plugins.find(({ source, state }) => source === 'folder' && state !== 'started');
  if (broken) throw new Error(`the plugin ${broken.id} did not start: ${broken.error ?? broken.state}`);
}

async function signInAt(url, username, password) {
  const headers = { 'content-type': 'application/json' };
  const login = await fetch(`${url}/api/auth/login`, { method: 'POST', headers, body: JSON.stringify({ username, password }) });
  if (!login.ok) throw new Error(`${username} could not sign in: ${await login.text()}`);
  const cookie = login.headers.getSetCookie().map((each) => each.split(';')[0]);
  return async (method, path, sent) => {
    const body = sent === undefined ? undefined : JSON.stringify(sent);
    const answer = await fetch(url + path, { method, headers: { ...headers, cookie: cookie.join('; ') }, body });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') && text !== '';
    return { status: answer.status, body: isJson ? JSON.parse(text) : text };
  };
}
