/**
 * `/git/scripts.git`: what `git clone` and `git fetch` request, and nothing that
 * could write. Uses the smart protocol if git is installed, else the dumb one;
 * the client falls back to the dumb protocol by itself, from the first response.
 */
import { Forbidden, MethodNotAllowed, NotFound } from '@ved/core/contract';
import type { Context } from './context.ts';
import { type DumbFiles, serveDumbFile } from './dumb-files.ts';
import type { UploadPack } from './upload-pack.ts';

export const CLONE_PREFIX = '/git/scripts.git';

const UPLOAD = 'git-upload-pack';
const RECEIVE = 'git-receive-pack';

export class CloneRoutes {
  constructor(
    private readonly files: DumbFiles,
    private readonly uploadPack: UploadPack,
  ) {}

  /** Handles one request below `CLONE_PREFIX`. The caller has already checked that the person may read. */
  async handle(ctx: Context, person: string): Promise<void> {
    const path = ctx.path.slice(CLONE_PREFIX.length);
    ctx.set('Cache-Control', 'no-cache');
    if (path === `/${RECEIVE}` || (path === '/info/refs' && ctx.query.service === RECEIVE)) {
      throw new Forbidden('git/read-only', 'This repository is read-only over HTTP. Save in the workspace instead.');
    }
    if (path === `/${UPLOAD}`) return this.post(ctx, person);
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw notAllowed('GET, HEAD');
    if (path === '/info/refs' && ctx.query.service === UPLOAD && (await this.uploadPack.isThere()))
      return this.uploadPack.advertise(ctx, person);
    await serveDumbFile(ctx, this.files, path.slice(1));
  }

  private async post(ctx: Context, person: string): Promise<void> {
    if (ctx.method !== 'POST') throw notAllowed('POST');
    if (!(await this.uploadPack.isThere()))
      throw new NotFound('git/no-smart-http', 'Git is not installed on this server; clone over the dumb protocol.');
    await this.uploadPack.serve(ctx, person);
  }
}

function notAllowed(allow: string): MethodNotAllowed {
  return new MethodNotAllowed('git/method-not-allowed', `Only ${allow} is allowed here.`, { headers: { Allow: allow } });
}
