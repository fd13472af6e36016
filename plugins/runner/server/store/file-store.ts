/** Stores and reads the files of runs. Their bytes are blobs; retention removes both. */
import { NotFound } from '@ved/core/contract';
import type { RunFile } from '@ved/runner/contract';
import type { Knex } from 'knex';
import type { NewFiles } from '../files/gathered-files.ts';
import { putBlob, readBlobs } from './blobs.ts';
import type { RunRow } from './rows.ts';

/** A file with its bytes. */
export interface StoredFile {
  readonly file: RunFile;
  readonly data: Buffer;
}

/** Call it in the transaction that ends the run. Returns columns of the run. */
export async function insertFiles(trx: Knex, runId: number, { files, leftOut }: NewFiles): Promise<Partial<RunRow>> {
  for (const [position, { data, ...file }] of files.entries()) {
    await putBlob(trx, data, file.sha256);
    await trx('runner_files').insert({ run_id: runId, position, ...file });
  }
  return { file_count: files.length, files_left_out: leftOut.length === 0 ? null : JSON.stringify(leftOut) };
}

export class FileStore {
  constructor(private readonly db: Knex) {}

  async list(run: Pick<RunRow, 'id' | 'file_count'>): Promise<RunFile[]> {
    if (run.file_count === 0) return [];
    return this.db('runner_files').where({ run_id: run.id }).orderBy('position').select('name', 'media_type', 'size_bytes', 'sha256');
  }

  /** Throws NotFound. */
  async file(run: Pick<RunRow, 'id'>, name: string): Promise<RunFile> {
    const file = await this.db('runner_files').where({ run_id: run.id, name }).first('name', 'media_type', 'size_bytes', 'sha256');
    if (file === undefined)
      throw new NotFound('runner/unknown-file', `Run ${run.id} has no file with that name. Its record lists its files.`);
    return file as RunFile;
  }

  async bytes(files: readonly RunFile[]): Promise<StoredFile[]> {
    const found = await readBlobs(
      this.db,
      files.map(({ sha256 }) => sha256),
    );
    return files.map((file) => ({ file, data: found.get(file.sha256)! }));
  }
}
