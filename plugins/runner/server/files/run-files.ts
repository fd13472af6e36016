/** The responses with files of a run: one of them, or all as a zip. */
import { NotFound } from '@ved/core/contract';
import { RawResponse, zipAnswer } from '@ved/core/server';
import type { RunStore } from '../store/run-store.ts';
import { cacheHeaders, type FileContext, fileResponse, isKnown } from './file-response.ts';

/** Throws NotFound if there is no such run or file. */
export async function answerFile(
  runs: RunStore,
  ctx: FileContext,
  wanted: { readonly id: number; readonly name: string; readonly sha256?: string | undefined },
): Promise<RawResponse> {
  const file = await runs.files.file(await runs.row(wanted.id), wanted.name);
  if (isKnown(file, ctx.get('If-None-Match'))) return new RawResponse(null, { status: 304, headers: cacheHeaders(file, wanted.sha256) });
  const [stored] = await runs.files.bytes([file]);
  return fileResponse(ctx, stored!, wanted.sha256);
}

/** Throws NotFound if there is no such run, or it has no files. */
export async function answerZip(runs: RunStore, runId: number): Promise<RawResponse> {
  const row = await runs.row(runId);
  const files = await runs.files.list(row);
  if (files.length === 0) throw new NotFound('runner/no-files', `Run ${runId} left no files in /tmp/out.`);
  const modified = new Date(row.finished_at ?? row.queued_at);
  const bytesOf = async (file: (typeof files)[number]): Promise<Buffer> => (await runs.files.bytes([file]))[0]!.data;
  return zipAnswer(
    `run-${runId}-files.zip`,
    files.map((file) => ({ name: file.name, modified, bytes: () => bytesOf(file) })),
  );
}
