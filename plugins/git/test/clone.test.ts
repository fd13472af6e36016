import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ServerPlugin } from '@ved/core/server';
import { ScriptRepository } from '@ved/git/contract';
import { expect } from 'chai';
import { startServer, type TestServer } from '../../../test/support/server.ts';
import { gitPlugin } from '../server/index.ts';
import { fsck, git, gitAsync, needsGit } from './support/real-git.ts';
import { save } from './support/repository.ts';

interface Cloning {
  readonly server: TestServer;
  readonly repository: ScriptRepository;
  /** The URL with a user's credentials in it. */
  address(user?: string): string;
  /** A folder that does not exist yet. */
  target(): string;
  stop(): Promise<void>;
}

async function startCloning(env: Record<string, string>): Promise<Cloning> {
  const found: ScriptRepository[] = [];
  const finder: ServerPlugin = {
    id: 'finder',
    required: true,
    requires: [ScriptRepository],
    start: async ({ services }) => {
      found.push(services.get(ScriptRepository));
      return { stop: async () => undefined };
    },
  };
  const server = await startServer({ plugins: [gitPlugin, finder], env });
  const folder = await mkdtemp(join(tmpdir(), 'ved-clone-'));
  let targets = 0;
  return {
    server,
    repository: found[0]!,
    address: (user = 'mo1:2viewer') => `http://${user}@127.0.0.1:${server.port}/git/scripts.git`,
    target: () => {
      targets += 1;
      return join(folder, String(targets));
    },
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const variants: Record<string, Record<string, string>> = {
  'from a server that has git': {},
  'from a server without git': { VED_GIT_COMMAND: '/nonexistent/git' },
};

for (const [variant, env] of Object.entries(variants)) {
  describe(`git clone ${variant}`, () => {
    let cloning: Cloning;
    before(needsGit);
    before(async () => {
      cloning = await startCloning(env);
      const { repository, server } = cloning;
      for (const scriptId of [1, 2, 3]) await repository.commit(save({ branch: 'prod', scriptId, content: `print(${scriptId})\r\n` }));
      git(join(server.dataDir, 'scripts.git'), ['gc', '--quiet']);
      await repository.commit(save({ branch: 'ed1', scriptId: 4, content: 'print("ed1")' }));
    });
    after(() => cloning.stop());

    it('gives a viewer every branch, with packed and loose objects, byte for byte', async () => {
      const target = cloning.target();
      await gitAsync(['clone', '--quiet', '--config', 'core.autocrlf=false', cloning.address(), target]);
      const gitDir = join(target, '.git');
      fsck(gitDir);
      expect(git(gitDir, ['rev-parse', 'HEAD', 'origin/ed1']).split('\n')).to.deep.equal([
        await cloning.repository.head('prod'),
        await cloning.repository.head('ed1'),
      ]);
      expect(git(gitDir, ['show', 'HEAD:3.py'])).to.equal('print(3)\r');
      expect(git(gitDir, ['show', 'origin/ed1:4.py'])).to.equal('print("ed1")');
    });

    it('can be followed by a fetch of later commits', async () => {
      const target = cloning.target();
      await gitAsync(['clone', '--quiet', cloning.address('ed1:1editor'), target]);
      const { commit } = await cloning.repository.commit(save({ branch: 'ed2', author: 'ed2', scriptId: 5, content: 'print(5)\n' }));
      await gitAsync(['-C', target, 'fetch', '--quiet']);
      expect(git(join(target, '.git'), ['rev-parse', 'origin/ed2'])).to.equal(commit);
    });

    it('is refused without a valid sign-in, with a challenge for Basic authentication', async () => {
      const answer = await cloning.server.agent().get('/git/scripts.git/info/refs?service=git-upload-pack');
      expect(answer.status).to.equal(401);
      expect(answer.headers.get('WWW-Authenticate')).to.match(/^Basic /);
      for (const user of ['mo1:wrong', 'nobody:2viewer']) {
        const error = await gitAsync(['clone', '--quiet', cloning.address(user), cloning.target()]).catch((reason: Error) => reason);
        expect(error).to.be.instanceOf(Error).with.property('message').that.includes('Authentication failed');
      }
    });

    it('does not allow a push afterwards, even by an editor', async () => {
      const target = cloning.target();
      await gitAsync(['clone', '--quiet', cloning.address('ed1:1editor'), target]);
      const before = await cloning.repository.branches();
      const error = await gitAsync(['-C', target, 'push', 'origin', 'HEAD:refs/heads/new', '+HEAD~1:refs/heads/prod']).catch(
        (reason: Error) => reason,
      );
      expect(error).to.be.instanceOf(Error).with.property('message').that.includes('403');
      expect(await cloning.repository.branches()).to.deep.equal(before);
      const editor = await cloning.server.signIn('ed1', '1editor');
      expect((await editor.get('/git/scripts.git/info/refs?service=git-receive-pack')).body.code).to.equal('git/read-only');
      expect((await editor.post('/git/scripts.git/git-receive-pack')).status).to.equal(403);
    });

    it('gives no access to other files', async () => {
      const viewer = await cloning.server.signIn('mo1', '2viewer');
      const paths = [
        '',
        '/',
        '/config',
        '/ved-staging',
        '/hooks',
        '/packed-refs',
        '/refs/heads/prod',
        '/objects/pack/x.pack',
        '/objects/info/alternates',
        '/objects/pack/..%2F..%2Fconfig',
        '/%2e%2e/ved.sqlite',
      ];
      for (const path of paths) expect((await viewer.get(`/git/scripts.git${path}`)).status, path).to.equal(404);
      expect((await viewer.put('/git/scripts.git/HEAD', {})).status).to.equal(405);
      expect((await viewer.get('/git/scripts.git/HEAD')).body).to.equal('ref: refs/heads/prod\n');
    });
  });
}

describe('the smart protocol', () => {
  let cloning: Cloning;
  before(needsGit);
  before(async () => {
    cloning = await startCloning({});
    await cloning.repository.commit(save({ branch: 'prod' }));
  });
  after(() => cloning.stop());

  function ask(body: BodyInit, headers: Record<string, string>): Promise<Response> {
    return fetch(`${cloning.server.url}/git/scripts.git/git-upload-pack`, {
      method: 'POST',
      body,
      headers: { Authorization: `Basic ${Buffer.from('mo1:2viewer').toString('base64')}`, 'Git-Protocol': 'version=2', ...headers },
    });
  }

  it('accepts a gzipped request', async () => {
    const answer = await ask(new Uint8Array(gzipSync('0014command=ls-refs\n0000')), {
      'Content-Type': 'application/x-git-upload-pack-request',
      'Content-Encoding': 'gzip',
    });
    expect(answer.headers.get('Content-Type')).to.equal('application/x-git-upload-pack-result');
    expect(await answer.text()).to.include(`${await cloning.repository.head('prod')} refs/heads/prod`);
  });

  it('refuses a request of another content type', async () => {
    const answer = await ask('{}', { 'Content-Type': 'application/json' });
    expect(answer.status).to.equal(415);
    expect(await answer.json()).to.include({ code: 'git/unexpected-type' });
  });

  it('survives a nonsense request, and serves the next one', async () => {
    const nonsense = await ask('zzzznonsense', { 'Content-Type': 'application/x-git-upload-pack-request' }).then((answer) => answer.text());
    expect(nonsense).to.not.include('refs/heads');
    const viewer = await cloning.server.signIn('mo1', '2viewer');
    expect((await viewer.get('/git/scripts.git/info/refs?service=git-upload-pack')).body).to.match(/^001e# service=git-upload-pack\n0000/);
  });
});

describe('the status of the repository', () => {
  it('is shown to a viewer, and not to anyone who is not signed in', async () => {
    const cloning = await startCloning({});
    try {
      const { commit } = await cloning.repository.commit(save({ branch: 'prod' }));
      const viewer = await cloning.server.signIn('mo1', '2viewer');
      expect((await viewer.get('/api/git/status')).body).to.deep.equal({
        branches: [{ name: 'prod', head: commit, commits: 1 }],
        loose_objects: 3,
        packs: 0,
      });
      expect((await cloning.server.agent().get('/api/git/status')).status).to.equal(401);
    } finally {
      await cloning.stop();
    }
  });
});
