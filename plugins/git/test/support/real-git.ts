/** Real git, as a second opinion on everything that ved writes. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { Context } from 'mocha';

/** Keeps the git settings of the machine and of the user out of the tests. */
export const gitEnvironment = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'foreign',
  GIT_AUTHOR_EMAIL: 'foreign@example.invalid',
  GIT_COMMITTER_NAME: 'foreign',
  GIT_COMMITTER_EMAIL: 'foreign@example.invalid',
};

const hasGit = spawnSync('git', ['--version']).status === 0;

/** Skips the test if git is not installed; throws instead if VED_TEST_REQUIRE_ALL is set. */
export function needsGit(this: Context): void {
  if (hasGit) return;
  if (process.env.VED_TEST_REQUIRE_ALL) throw new Error('git is not installed, and VED_TEST_REQUIRE_ALL is set');
  this.skip();
}

/** Runs git on a repository and returns its output without the last newline. Throws when git fails. */
export function git(gitDir: string, args: readonly string[], input?: string): string {
  return execFileSync('git', ['--git-dir', gitDir, ...args], {
    input,
    env: gitEnvironment,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  }).replace(/\n$/, '');
}

const run = promisify(execFile);

/** As `git`, but without blocking this process, and without a repository. */
export async function gitAsync(args: readonly string[]): Promise<string> {
  return (await run('git', [...args], { env: gitEnvironment, encoding: 'utf8' })).stdout.replace(/\n$/, '');
}

/** Throws git's own message when the repository is corrupt. */
export function fsck(gitDir: string): void {
  git(gitDir, ['fsck', '--strict', '--full', '--no-dangling']);
}
