/** Translates pip's output for people. */
import type { Progress } from '../../../contract/engine.ts';

export interface Install {
  readonly packages: readonly string[];
  /** The index URL, which may contain a password; null for pip's default. */
  readonly index: string | null;
  readonly bounds: { readonly bytes: number; readonly seconds: number };
}

/** The exit code of install-packages.py on a timeout. */
export const TOO_LONG = 5;
/** Exit codes of install-packages.py; any other is an error of pip. */
const OWN_REASONS: Readonly<Record<number, (install: Install, what: string) => string>> = {
  3: () => 'the image has no pip. Use an image that has it, such as python:3.14-slim.',
  4: ({ bounds }, what) => `${what} with all dependencies exceeds the limit of ${bounds.bytes / 2 ** 20} MiB.`,
  [TOO_LONG]: ({ bounds }, what) => `${what} exceeded the time limit of ${bounds.seconds} s.`,
  137: (_, what) => `${what} exceeded the memory limit of 1 GiB.`,
};
const UNREACHABLE =
  /NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ConnectionRefused|Connection refused|Failed to establish a new connection|Name or service not known|Network is unreachable|SSLError|ProxyError/;
const LONGEST_REASON = 500;

/** Why the packages could not be installed, and what to do. */
export function explainInstall(code: number, said: string, install: Install): string {
  const { packages, index } = install;
  const missing = /No matching distribution found for (.+)/.exec(said)?.[1]?.trim();
  const what = missing ?? packages.join(', ');
  const own = OWN_REASONS[code]?.(install, packages.join(', '));
  return `The script's packages could not be installed: ${own ?? reasonOf(code, said, what, missing !== undefined, nameOf(index))}`;
}

function reasonOf(code: number, said: string, what: string, isMissing: boolean, index: string): string {
  if (UNREACHABLE.test(said)) {
    return `${what} is missing, and ${index} cannot be reached. Installed packages are cached and need no index.`;
  }
  const refused = /\b(40[13])\b (?:Client )?Error/i.exec(said)?.[1];
  if (refused) return `${index} refused the request (${refused}).`;
  if (isMissing) return `${what} is missing: ${offered(said)} on ${index}. Only wheels are installed; nothing is built from source.`;
  const conflict = /Cannot install (.+?) because these package versions have conflicting dependencies/.exec(said)?.[1];
  if (conflict) return `${conflict} have conflicting dependencies. ${conflictDetail(said)}`.trim();
  // For an exception within pip, the last line is more informative.
  const error = said.split('\n').findLast((line) => line.startsWith('ERROR: ') && line !== 'ERROR: Exception:');
  return (
    (error ?? said.trim().split('\n').at(-1) ?? '').replace(/^ERROR: /, '').slice(0, LONGEST_REASON) || `pip exited with code ${code}.`
  );
}

/** The available versions, from pip's output. */
function offered(said: string): string {
  const versions = /\(from versions: ([^)]+)\)/.exec(said)?.[1];
  if (!versions || versions === 'none') return 'there is no wheel for this Python version';
  return `the available versions are ${versions.slice(-200)}`;
}

/** pip's lines like `a 1.0 depends on c<2`. */
function conflictDetail(said: string): string {
  const lines = said.split('\n').filter((line) => /^\s+\S+.* depends on |^\s+The user requested /.test(line));
  return lines
    .map((line) => `${line.trim()}.`)
    .join(' ')
    .slice(0, LONGEST_REASON);
}

function nameOf(index: string | null): string {
  return index === null ? 'the package index' : `the package index ${withoutPassword(index)}`;
}

/** A URL that is safe to show. */
function withoutPassword(address: string): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.href;
}

const LISTED = 'ved: installed ';
/** The most installed packages that are recorded. */
const MOST_INSTALLED = 500;

/** The packages that install-packages.py lists at its end, as `name==version`; null if none. The names come from wheels and are untrusted. */
export function installedIn(said: string): string[] | null {
  const line = said.split('\n').findLast((each) => each.startsWith(LISTED));
  if (line === undefined) return null;
  const names = JSON.parse(line.slice(LISTED.length)) as string[];
  return names
    .filter((each) => /^[\w.]+-[\w.!+]+$/.test(each) && each.length < 200)
    .slice(0, MOST_INSTALLED)
    .map((each) => each.replace('-', '=='));
}

/** Progress from a piece of pip's output; null if it contains none. */
export function installProgress(said: string): Progress | null {
  const line = said.split('\n').findLast((each) => /^\s*(Collecting|Downloading|Installing collected packages)\b/.test(each));
  return line ? { text: `Packages: ${line.trim().slice(0, 80)}`, fraction: null } : null;
}
