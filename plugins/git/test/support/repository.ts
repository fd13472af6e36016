/** Creates a repository in its own folder for each test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommitRequest } from '@ved/git/contract';
import { type OpenOptions, type OpenRepository, openRepository } from '../../server/open-repository.ts';

export interface TestRepository extends OpenRepository {
  readonly dataDir: string;
  /** Closes it and opens the same folder again, like a restart. */
  reopen(options?: OpenOptions): Promise<TestRepository>;
}

const made: { repository: OpenRepository; dataDir: string }[] = [];

/** An empty repository; `removeRepositories` releases it. */
export async function makeRepository(options: OpenOptions = {}): Promise<TestRepository> {
  return open(await mkdtemp(join(tmpdir(), 'ved-git-')), options);
}

async function open(dataDir: string, options: OpenOptions): Promise<TestRepository> {
  const repository = await openRepository(dataDir, options);
  made.push({ repository, dataDir });
  return {
    ...repository,
    dataDir,
    reopen: async (changed = options) => {
      await repository.close();
      return open(dataDir, changed);
    },
  };
}

/** For `afterEach`. */
export async function removeRepositories(): Promise<void> {
  for (const { repository, dataDir } of made.splice(0)) {
    await repository.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** A commit request with defaults for the fields that a test does not give. */
export function save(fields: Partial<CommitRequest> = {}): CommitRequest {
  return {
    branch: 'ed1',
    scriptId: 1,
    content: 'print(1)\n',
    message: 'Save',
    author: 'ed1',
    at: 1_795_000_000_120,
    trailers: {},
    ...fields,
  };
}

/** Everything that an async iterable yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
