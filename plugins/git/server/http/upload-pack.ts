/**
 * The smart protocol, served by a real `git upload-pack`, one process per request.
 * The process sees only the repository, none of the server's settings or secrets,
 * and is killed when its client disconnects or the server stops. It starts only
 * once the whole request has arrived, so a silent client cannot occupy one.
 */
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { UnsupportedMediaType } from '@ved/core/contract';
import { PersonShare, type PluginContext, personLimits } from '@ved/core/server';
import { CloneTurns } from './clone-turns.ts';
import type { Context } from './context.ts';
import { readRequest } from './request-body.ts';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** No clone of a scripts repository takes this long. If the client has stopped reading, the process ends earlier, with the connection. */
const PROCESS_TIME_LIMIT_MS = 10 * 60_000;
/** How much of git's stderr is kept for the log. */
const STDERR_LIMIT_CHARACTERS = 2_000;
/** `Git-Protocol: version=2`, possibly with more; checked strictly because it is passed to the environment of a process. */
const PROTOCOL = /^version=[0-2](:[a-z0-9=-]{1,64})*$/;
const SERVICE_LINE = '001e# service=git-upload-pack\n0000';
/**
 * Overrides the repository's own config. A partial clone (`--filter`) requests
 * the missing blobs by id later, also in protocols 0 and 1; anyone who may clone
 * may read all objects.
 */
const CONFIG = ['safe.directory=*', 'uploadpack.allowFilter=true', 'uploadpack.allowAnySHA1InWant=true'];

export class UploadPack {
  private readonly running = new Set<Child>();
  private readonly turns = new CloneTurns();
  private readonly requests = new PersonShare(personLimits.cloneRequests);
  private available: Promise<boolean> | undefined;

  constructor(
    private readonly command: string,
    private readonly gitDir: string,
    private readonly log: PluginContext['log'],
  ) {}

  /** Whether the git program can be run; checked once. */
  isThere(): Promise<boolean> {
    this.available ??= new Promise((resolve) => {
      execFile(this.command, ['--version'], { env: this.environment(null) }, (error) => resolve(error === null));
    });
    return this.available;
  }

  /** Responds to the first request of a clone with the refs. Throws TooManyRequests or Unavailable. */
  async advertise(ctx: Context, person: string): Promise<void> {
    const protocol = protocolOf(ctx);
    // In version 2, git's own output starts with the capabilities instead.
    const prefix = protocol?.startsWith('version=2') === true ? '' : SERVICE_LINE;
    await this.answer(ctx, person, 'advertisement', async () => ({ options: ['--advertise-refs'], request: Buffer.alloc(0), prefix }));
  }

  /** Handles the requests that follow: the client lists what it wants and has, git sends a pack. Throws what `readRequest` throws, TooManyRequests or Unavailable. */
  async serve(ctx: Context, person: string): Promise<void> {
    if (ctx.request.type !== 'application/x-git-upload-pack-request') {
      throw new UnsupportedMediaType('git/unexpected-type', 'Send application/x-git-upload-pack-request, as git does.');
    }
    await this.answer(ctx, person, 'result', async () => ({ options: [], request: await readRequest(ctx), prefix: '' }));
  }

  private async answer(ctx: Context, person: string, kind: 'advertisement' | 'result', read: () => Promise<UploadRequest>): Promise<void> {
    const requestIsOver = this.requests.take(person);
    const client = new AbortController();
    ctx.res.once('close', () => client.abort());
    try {
      const { options, request, prefix } = await read();
      const turnIsOver = await this.turns.take(person, client.signal);
      const child = this.start(options, protocolOf(ctx));
      child.once('close', turnIsOver);
      if (prefix !== '') child.stdout.unshift(prefix);
      child.stdin.end(request);
      ctx.set('Content-Type', `application/x-git-upload-pack-${kind}`);
      ctx.body = child.stdout;
      if (ctx.res.destroyed) child.kill();
      else ctx.res.once('close', () => child.kill());
    } finally {
      requestIsOver();
    }
  }

  private start(options: readonly string[], protocol: string | null): Child {
    // `safe.directory`: the folder may belong to another user than the server's, as in a container; ved knows it is the right one.
    const config = CONFIG.flatMap((setting) => ['-c', setting]);
    const child = spawn(this.command, [...config, 'upload-pack', '--strict', '--stateless-rpc', ...options, this.gitDir], {
      env: this.environment(protocol),
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: PROCESS_TIME_LIMIT_MS,
    });
    this.running.add(child);
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(0, STDERR_LIMIT_CHARACTERS);
    });
    // Without this handler, a process that exits before reading all its input would crash the server.
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

  /** Kills all running processes. */
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

interface UploadRequest {
  readonly options: readonly string[];
  readonly request: Buffer;
  /** Sent before git's output. */
  readonly prefix: string;
}

function protocolOf(ctx: Context): string | null {
  const given = ctx.get('Git-Protocol');
  return PROTOCOL.test(given) ? given : null;
}
