/** A remote Docker engine: reached over TCP and TLS, and lost in the middle of a run. */

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pino from 'pino';
import { exhaustive } from '../../../../test/support/exhaustive.ts';
import { startServer } from '../../../../test/support/server.ts';
import { startDockerFront } from '../support/docker-front.ts';
import { addScript, startDraft, untilDone, untilWritten } from '../support/runner-server.ts';
import { newDockerEngine, requireDocker } from './support/engines.ts';
import { runScript } from './support/run-script.ts';
import { until } from './support/until.ts';

/** A certificate authority and one of its certificates for both sides, where the docker command looks for them. */
function makeCertificates(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ved-certificates-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-days', '1', '-subj', '/CN=ved test authority');
  openssl('req', ...key, '-keyout', 'key.pem', '-out', 'request.pem', '-subj', '/CN=127.0.0.1');
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1\n');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '1', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'request.pem', '-out', 'cert.pem', ...signed);
  return folder;
}

describe('a Docker engine on another machine', () => {
  before(async function () {
    await requireDocker(this);
  });

  it('is reached over TLS with certificates on both sides', async () => {
    const folder = makeCertificates();
    const read = (name: string) => readFileSync(join(folder, name));
    const front = await startDockerFront({ ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') });
    const before = { ...process.env };
    try {
      process.env.DOCKER_TLS_VERIFY = '1';
      const stranger = newDockerEngine({ dockerHost: front.url });
      expect(await stranger.probe()).to.include({ available: false });
      await stranger.close();
      process.env.DOCKER_CERT_PATH = folder;
      const engine = newDockerEngine({ dockerHost: front.url });
      expect((await runScript(engine, 'print("far away")')).stdout.toString()).to.equal('far away\n');
      await engine.close();
    } finally {
      for (const name of ['DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH']) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
      await front.shut();
      rmSync(folder, { recursive: true });
    }
  });

  exhaustive.it('that accepts connections but never responds times out, and leaves no connection', async () => {
    const silent = createServer((socket) => void socket.resume());
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const dockerHost = `tcp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const engine = newDockerEngine({ dockerHost, poolSize: 0 });
    expect(await engine.probe()).to.include({ available: false, reason: `No Docker engine at ${dockerHost}: no response.` });
    await once(silent.close(), 'close');
    await engine.close();
  });

  exhaustive.it('that disappears during a run ends that run with the reason; queued runs continue when it is back', async () => {
    const front = await startDockerFront();
    const logged: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
    const address = front.url.replace('://', '://someone:hunter2@');
    const server = await startServer({ env: { VED_RUNNER: 'docker', DOCKER_HOST: address, VED_RUN_CONCURRENCY: '1' }, log });
    try {
      const editor = await server.signIn('ed1', '1editor');
      const script = await addScript(editor, 'import sys, time\nprint("up", flush=True)\ntime.sleep(20)\n');
      const going = await startDraft(editor, script);
      const waiting = await startDraft(editor, script, 'print("went on")\n');
      await untilWritten(editor, going, 'up');
      await front.shut();
      await untilDone(editor, going);
      const lost = (await editor.get(`/api/runs/${going}`)).body;
      expect(lost).to.include({ status: 'engine_error', stdout: 'up\n' });
      expect(lost.reason).to.include('became unavailable').and.not.include('hunter2');
      await until(async () => (await editor.get('/api/health')).body.status === 'degraded', 'the engine is known to be away');
      const refused = await editor.post('/api/runs', { script_id: script, source: 'draft' });
      expect(refused).to.deep.include({ status: 503 });
      expect(refused.body.detail).to.include(`No Docker engine at ${front.url}`);
      expect((await editor.get(`/api/runs/${waiting}`)).body.status).to.equal('queued');

      await front.open();
      await untilDone(editor, waiting);
      expect((await editor.get(`/api/runs/${waiting}`)).body).to.include({ status: 'succeeded', stdout: 'went on\n' });
      expect(logged.join('')).to.include(`No Docker engine at ${front.url}`).and.not.include('hunter2');
    } finally {
      await server.stop();
      await front.shut();
    }
  });
});
