/**
 * No request blocks the server's event loop for more than 50 ms, whatever it
 * contains: while one person sends the hardest requests, another asks for health.
 */

import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { zipSync } from 'fflate';
import { exhaustive } from './support/exhaustive.ts';
import { ensurePageBuilt } from './support/page.ts';
import { type ServerProcess, type SignedIn, signedIn, startServerProcess, temporaryDataDir } from './support/server-process.ts';

/** Milliseconds of CPU time. */
const LONGEST_TURN_MS = 50;
const MIB = 1024 * 1024;

/** MiB of the largest text that a probe passes to the database or gets from a thread in one piece: the time to copy it does not count. */
const TEXT_MIB: Readonly<Record<string, number>> = {
  '16 MiB of test data': 2 * 16,
  'the list and the export of all this': 2 * 16,
};

/** CPU time, in milliseconds, in which this machine currently copies a MiB of text. */
function msOfTextMib(): number {
  const used = () => Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e6;
  const sent = serialize('x'.repeat(32 * MIB));
  const before = used();
  deserialize(sent);
  return (used() - before) / 32;
}

exhaustive.describe('the event loop of the server', () => {
  const data = temporaryDataDir();
  const turns = join(data.dataDir, 'turns');
  let server: ServerProcess;
  let client: SignedIn;
  let asking = true;
  let answered: Promise<number>;

  before(async function () {
    this.timeout(240_000);
    await ensurePageBuilt();
    writeFileSync(turns, '');
    const watch = pathToFileURL(join(import.meta.dirname, 'support/turn-watch.mjs')).href;
    server = await startServerProcess(data.dataDir, { NODE_OPTIONS: `--import=${watch}`, VED_TURNS: turns });
    // The start alone has long turns; if there are none, nothing is being measured.
    expect(readFileSync(turns, 'utf8')).to.not.equal('');
    client = await signedIn(server.url);
    answered = askForHealth();
    // Compilation at first use does not count.
    const { id } = await newScript('"""Warm"""\n');
    expect(await answers('GET', '/api/export.zip')).to.equal(200);
    const files = Array.from({ length: 1000 }, (_, n) => ({ path: `warm/s${n}.txt`, content_base64: 'eA==' }));
    await times(3, async () => expect(await answers('POST', '/api/import/preview', { files })).to.equal(200));
    expect(await answers('POST', `/api/execute/${id}`, { source: 'draft' })).to.equal(200);
  });
  after(async () => {
    asking = false;
    expect(await answered).to.be.above(100);
    await server?.stop();
    data.remove();
  });

  const askForHealth = async (): Promise<number> => {
    let times = 0;
    for (; asking; times += 1) expect((await fetch(`${server.url}/api/health`)).status).to.equal(200);
    return times;
  };
  const newScript = async (content: string, test_data?: string): Promise<{ id: number; version: number }> => {
    const { status, body } = await client('POST', '/api/scripts', { content, test_data });
    expect(status, JSON.stringify(body).slice(0, 300)).to.equal(201);
    return { id: body.id, version: body.version.id };
  };
  const save = async (id: number, base_version_id: number, content: string): Promise<number> => {
    const { status, body } = await client('PUT', `/api/scripts/${id}`, { content, base_version_id });
    expect(status, JSON.stringify(body).slice(0, 300)).to.equal(200);
    return body.version.id;
  };
  const answers = async (method: string, path: string, body?: unknown): Promise<number> => {
    const { status } = await client(method, path, body);
    return status;
  };

  const zipOf = async (entries: Iterable<[string, Buffer]>): Promise<Buffer> =>
    Buffer.from(zipSync(Object.fromEntries(entries), { level: 1 }));
  const importOf = (name: string, bytes: Buffer) => ({
    files: [{ path: name, content_base64: bytes.toString('base64') }],
    leave_out_refused: true,
  });
  /** As many in parallel as a browser has connections. */
  const times = async (count: number, act: (n: number) => Promise<unknown>): Promise<void> => {
    let next = 0;
    const one = async (): Promise<void> => {
      for (; next < count; ) await act(next++);
    };
    await Promise.all(Array.from({ length: 6 }, one));
  };
  const comments = (count: number, word = 'line') => Array.from({ length: count }, (_, n) => `# ${word} ${n}`).join('\n');

  const probes: Record<string, () => Promise<void>> = {
    'a program nested 90 deep': async () => void (await newScript(`"""Deep"""\nx = ${'('.repeat(90)}1${')'.repeat(90)}\n`)),
    'a script of 1 MiB, saved again and again': async () => {
      const lines = (n: number) => `"""Long ${n}"""\n${'x = 1  # a line of some length here\n'.repeat(28_000)}`;
      let { id, version } = await newScript(lines(0));
      for (let n = 1; n < 4; n += 1) version = await save(id, version, lines(n));
    },
    'comparing, blaming and merging half a million lines': async () => {
      const text = (word: string) => `"""Lines"""\n${`${word}\n`.repeat(500_000)}`.slice(0, MIB - 10);
      const { id, version } = await newScript(text('#'));
      const second = await save(id, version, text('#a'));
      expect(await answers('GET', `/api/scripts/${id}/diff?from=${version}&to=${second}`)).to.equal(200);
      expect(await answers('GET', `/api/scripts/${id}/blame`)).to.equal(200);
      expect(await answers('GET', `/api/scripts/${id}/merge`)).to.equal(200);
      expect(await answers('POST', `/api/scripts/${id}/merge`, { version_id: second })).to.equal(200);
    },
    'sixty thousand lines that all differ': async () => {
      const { id, version } = await newScript(`"""All"""\n${comments(60_000)}\n`);
      const second = await save(id, version, `"""All"""\n${comments(60_000, 'other')}\n`);
      expect(await answers('GET', `/api/scripts/${id}/diff?from=${version}&to=${second}`)).to.equal(200);
      expect(await answers('GET', `/api/scripts/${id}/blame`)).to.equal(200);
    },
    'JSON that is deep, or wide, or one long text': async () => {
      expect(await answers('POST', '/api/scripts', { content: JSON.parse('['.repeat(99) + ']'.repeat(99)) })).to.equal(400);
      expect(
        await answers(
          'POST',
          '/api/scripts',
          Array.from({ length: 24_000 }, (_, n) => ({ n })),
        ),
      ).to.equal(400);
      expect(
        await answers('PATCH', '/api/scripts/order', {
          moves: Array.from({ length: 16_000 }, (_, n) => ({ id: n + 1, ordering_number: n + 1 })),
        }),
      ).to.equal(404);
    },
    'an import of one large file that is left out': async () => {
      const zip = await zipOf([['big.bin', Buffer.alloc(200 * MIB, 'ab')]]);
      expect(await answers('POST', '/api/import/preview', importOf('a.zip', zip))).to.equal(200);
    },
    'an import of ten thousand small files': async () => {
      const zip = await zipOf(Array.from({ length: 9990 }, (_, n): [string, Buffer] => [`a/b/${n % 100}/s${n}.txt`, Buffer.from('x')]));
      expect(await answers('POST', '/api/import/preview', importOf('a.zip', zip))).to.equal(200);
      const files = Array.from({ length: 9990 }, (_, n) => ({ path: `x/y/s${n}.txt`, content_base64: 'eA==' }));
      expect(await answers('POST', '/api/import/preview', { files })).to.equal(200);
    },
    'an import of 200 scripts': async () => {
      const zip = await zipOf(
        Array.from({ length: 200 }, (_, n): [string, Buffer] => [`${n + 100}.00 s${n}.py`, Buffer.from(`"""S${n}"""\n${comments(300)}\n`)]),
      );
      expect(await answers('POST', '/api/import/preview', importOf('a.zip', zip))).to.equal(200);
      expect(await answers('POST', '/api/import', importOf('a.zip', zip))).to.equal(201);
    },
    'forty parallel requests for the API description': () => times(40, () => answers('GET', '/api/openapi.json')),
    'a clone request that decompresses to a large size': async () => {
      const response = await fetch(`${server.url}/scripts.git/git-upload-pack`, {
        method: 'POST',
        headers: { cookie: client.cookie, 'content-type': 'application/x-git-upload-pack-request', 'content-encoding': 'gzip' },
        body: gzipSync(Buffer.alloc(128 * MIB, '0')),
      });
      await response.arrayBuffer();
    },
    'following a hundred thousand printed lines': async () => {
      const { id } = await newScript('"""Many"""\nfor n in range(100_000):\n    print(n)\n');
      const { body } = await client('POST', '/api/runs', { script_id: id, source: 'draft' });
      const response = await fetch(`${server.url}/api/runs/${body.run_id}/events`, { headers: { cookie: client.cookie } });
      await response.text();
      expect((await client('GET', `/api/runs/${body.run_id}`)).body.status).to.equal('succeeded');
    },
    'three hundred presence announcements': async () => {
      for (let round = 0; round < 10; round += 1)
        await times(30, (n) =>
          answers('PUT', `/api/editor/presence/page-${n}-00000`, {
            open: Array.from({ length: 200 }, (_, s) => ({ script_id: s + 1, dirty: true })),
          }),
        );
    },
    'storing the workspace state forty times, up to 2 MiB': async () => {
      await times(40, (n) => answers('PUT', '/api/workspace/state', { values: { [`k${n}`]: 'x'.repeat(40_000) } }));
      await answers('PUT', '/api/workspace/state', { values: Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`m${n}`, 'y'])) });
      expect(await answers('GET', '/api/workspace/boot')).to.equal(200);
    },
    'sixty streams of events': async () => {
      const end = new AbortController();
      await times(60, () => fetch(`${server.url}/api/events`, { headers: { cookie: client.cookie }, signal: end.signal }));
      await times(20, (n) => answers('PUT', `/api/editor/presence/page-${n}-00000`, { open: [] }));
      end.abort();
    },
    'a question with 600 KiB of script': async () => {
      const { id } = await newScript(`"""Ask"""\n${'x = 1\n'.repeat(100_000)}`);
      const question = { prompt: 'y '.repeat(10_000), context_scripts: [id] };
      expect(await answers('POST', '/api/llm/preview', question)).to.equal(200);
      expect(await answers('POST', '/api/llm/complete', question)).to.equal(503);
    },
    'a sign-in': async () => {
      await times(8, () => signedIn(server.url));
    },
    'passes over two hundred scripts': async () => {
      expect(await answers('POST', '/api/passes', { source: 'draft' })).to.equal(202);
      const { body } = await client('GET', '/api/passes');
      for (const { id } of body) await answers('POST', `/api/passes/${id}/cancel`, {});
    },
    '16 MiB of test data': async () => {
      const { id, version } = await newScript('"""Data"""\n', `${'x'.repeat(1023)}\n`.repeat(16 * 1024 - 1));
      expect(await answers('GET', `/api/scripts/${id}`)).to.equal(200);
      expect(
        await answers('PUT', `/api/scripts/${id}`, {
          content: '"""Data"""\n',
          base_version_id: version,
          test_data: '"\\\n\u0001'.repeat(2.5 * MIB),
        }),
      ).to.equal(200);
      expect(await answers('GET', `/api/scripts/${id}`)).to.equal(200);
    },
    'the list and the export of all this': async () => {
      expect(await answers('GET', '/api/scripts')).to.equal(200);
      expect(await answers('GET', '/api/scripts?q=line')).to.equal(200);
      expect(await answers('GET', '/api/export.zip')).to.equal(200);
    },
    'an import of 30 MiB that cannot be compressed': async () => {
      const bytes = Buffer.alloc(30 * MIB);
      for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(Math.imul(at, 2654435761) >>> 0, at);
      expect(await answers('POST', '/api/import/preview', importOf('a.bin', bytes))).to.equal(200);
      expect(await answers('POST', '/api/import/preview', importOf('a.zip', await zipOf([['big.bin', bytes]])))).to.equal(200);
    },
  };

  /** So that the garbage of one probe does not count for the next. */
  const collectGarbage = async (): Promise<void> => {
    process.kill(server.pid, 'SIGUSR2');
    while (!readFileSync(turns, 'utf8').includes('collected')) await new Promise(setImmediate);
    truncateSync(turns);
  };

  for (const [what, probe] of Object.entries(probes))
    it(`is not blocked by ${what}`, async () => {
      await collectGarbage();
      const textMib = TEXT_MIB[what] ?? 0;
      // Measured next to the probe, because the speed of a shared machine changes within a minute.
      const before = textMib && msOfTextMib();
      await probe();
      const longest = Math.max(0, ...readFileSync(turns, 'utf8').split('\n').map(Number));
      const textMs = textMib * Math.max(before, textMib && msOfTextMib());
      expect(longest).to.be.at.most(LONGEST_TURN_MS + textMs);
    });
});
