/**
 * The smart protocol, spoken by a real `git upload-pack`, one process a request.
 * It sees no setting and no secret of the server, only the repository, and ends
 * with its client or with the server.
 */
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Unavailable, UnsupportedMediaType } from '@ved/core/contract';
import type { PluginContext } from '@ved/core/server';
import type { Context } from './context.ts';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Clones served at once; each may take a core. */
const PROCESS_LIMIT = 4;
/** No clone of a scripts repository takes this long; a client that reads nothing would. */
const PROCESS_TIME_LIMIT_MS = 10 * 60_000;
/** What a client has is told in such a request, 50 bytes a commit; git stops at far fewer. */
const REQUEST_LIMIT_BYTES = 8 * 1024 * 1024;
/** Of what git complains, kept for the log. */
const STDERR_LIMIT_CHARACTERS = 2_000;
/** `Git-Protocol: version=2`, perhaps with more; passed to a process' environment, so read strictly. */
const PROTOCOL = /^version=[0-2](:[a-z0-9=-]{1,64})*$/;
const SERVICE_LINE = '001e# service=git-upload-pack\n0000';

export class UploadPack {
  private readonly running = new Set<Child>();
  private there: Promise<boolean> | undefined;

  constructor(
    private readonly command: string,
    private readonly gitDir: string,
    private readonly log: PluginContext['log'],
  ) {}

  /** Whether the git program can be run; asked once. */
  isThere(): Promise<boolean> {
    this.there ??= new Promise((resolve) => {
      execFile(this.command, ['--version'], { env: this.environment(null) }, (error) => resolve(error === null));
    });
    return this.there;
  }

  /** Answers the first request of a clone with the refs. */
  async advertise(ctx: Context): Promise<void> {
    const protocol = protocolOf(ctx);
    const child = this.start(['--advertise-refs'], protocol);
    child.stdin.end();
    this.answer(ctx, child, 'advertisement');
    // Version 2 begins with its own capabilities instead.
    if (protocol?.startsWith('version=2') !== true) child.stdout.unshift(SERVICE_LINE);
  }

  /** Answers the following requests: the client says what it wants and has, git sends a pack. */
  async serve(ctx: Context): Promise<void> {
    if (ctx.request.type !== 'application/x-git-upload-pack-request') {
      throw new UnsupportedMediaType('git/unexpected-type', 'A git client sends application/x-git-upload-pack-request here.');
    }
    const child = this.start([], protocolOf(ctx));
    void this.feed(ctx, child);
    this.answer(ctx, child, 'result');
  }

  private async feed(ctx: Context, child: Child): Promise<void> {
    const unpack = ctx.get('Content-Encoding') === 'gzip' ? createGunzip() : new PassThrough();
    try {
      await pipeline(ctx.req, unpack, limitBytes, child.stdin);
    } catch (error) {
      this.log.debug({ err: error }, 'a clone request ended early');
      child.kill();
    }
  }

  private answer(ctx: Context, child: Child, kind: 'advertisement' | 'result'): void {
    ctx.set('Content-Type', `application/x-git-upload-pack-${kind}`);
    ctx.body = child.stdout;
    ctx.res.once('close', () => child.kill());
  }

  private start(options: readonly string[], protocol: string | null): Child {
    if (this.running.size >= PROCESS_LIMIT) {
      throw new Unavailable('git/busy', 'Too many clones are being served. Try again in a few seconds.', {
        headers: { 'Retry-After': '5' },
      });
    }
    // The folder may belong to another user than the server's, as in a container; that it is the right one is known.
    const args = ['-c', 'safe.directory=*', 'upload-pack', '--strict', '--stateless-rpc', ...options, this.gitDir];
    const child = spawn(this.command, args, {
      env: this.environment(protocol),
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: PROCESS_TIME_LIMIT_MS,
    });
    this.running.add(child);
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(0, STDERR_LIMIT_CHARACTERS);
    });
    // Without this a client that is gone would end the server; `feed` sees the same.
    child.stdin.on('error', () => child.kill());
    child.on('error', (error) => child.stdout.destroy(error));
    child.on('close', (code) => {
      this.running.delete(child);
      if (code !== 0 && complaint !== '') this.log.info({ code, complaint }, 'git upload-pack did not finish');
    });
    return child;
  }

  private environment(protocol: string | null): NodeJS.ProcessEnv {
    const { PATH, SystemRoot } = process.env;
    return {
      PATH,
      ...(SystemRoot === undefined ? {} : { SystemRoot }),
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
      ...(protocol === null ? {} : { GIT_PROTOCOL: protocol }),
    };
  }

  /** Ends what runs. */
  async stop(): Promise<void> {
    await Promise.all(
      [...this.running].map(
        (child) =>
          new Promise<void>((resolve) => {
            child.once('close', () => resolve());
            child.kill('SIGKILL');
          }),
      ),
    );
  }
}

function protocolOf(ctx: Context): string | null {
  const given = ctx.get('Git-Protocol');
  return PROTOCOL.test(given) ? given : null;
}

async function* limitBytes(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > REQUEST_LIMIT_BYTES) throw new Error('the request is larger than any that git makes');
    yield chunk;
  }
}
