/** What pip says, said to a person. */
import type { Progress } from '../../../contract/engine.ts';

export interface Install {
  readonly packages: readonly string[];
  /** Address of the index, perhaps with a password in it; null for pip's own. */
  readonly index: string | null;
  readonly bounds: { readonly bytes: number; readonly seconds: number };
}

/** Of install-packages.py, when its time is over. */
export const TOO_LONG = 5;
/** Exit codes of install-packages.py; any other is pip's failure. */
const OWN_REASONS: Readonly<Record<number, (install: Install, what: string) => string>> = {
  3: () => 'The image has no pip, which installs them. Use an image that has it, such as python:3.14-slim.',
  4: ({ bounds }, what) => `${what} with what that needs takes more than the ${bounds.bytes / 2 ** 20} MiB that there are for it.`,
  [TOO_LONG]: ({ bounds }, what) => `${what} took longer than the ${bounds.seconds} s that there are for it.`,
  137: (_, what) => `${what} took more than its 1 GiB of memory.`,
};
const UNREACHABLE =
  /NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ConnectionRefused|Connection refused|Failed to establish a new connection|Name or service not known|Network is unreachable|SSLError|ProxyError/;
const LONGEST_REASON = 500;

/** Why the packages could not be installed: which is missing, and what to do. */
export function explainInstall(code: number, said: string, install: Install): string {
  const { packages, index } = install;
  const missing = /No matching distribution found for (.+)/.exec(said)?.[1]?.trim();
  const what = missing ?? packages.join(', ');
  const own = OWN_REASONS[code]?.(install, packages.join(', '));
  return `The packages that the script asks for could not be installed: ${own ?? reasonOf(code, said, what, missing !== undefined, nameOf(index))}`;
}

function reasonOf(code: number, said: string, what: string, isMissing: boolean, index: string): string {
  if (UNREACHABLE.test(said)) {
    return `missing is ${what}, and ${index} cannot be reached. Once installed, packages are kept and need no index.`;
  }
  const refused = /\b(40[13])\b (?:Client )?Error/i.exec(said)?.[1];
  if (refused) return `${index} refused the request (${refused}).`;
  if (isMissing) return `missing is ${what}: ${offered(said)} on ${index}. Only wheels are taken; nothing is built here.`;
  const conflict = /Cannot install (.+?) because these package versions have conflicting dependencies/.exec(said)?.[1];
  if (conflict) return `${conflict} contradict each other in what they need. ${conflictDetail(said)}`.trim();
  // Of an exception of pip's own the last line tells more.
  const error = said.split('\n').findLast((line) => line.startsWith('ERROR: ') && line !== 'ERROR: Exception:');
  return (error ?? said.trim().split('\n').at(-1) ?? '').replace(/^ERROR: /, '').slice(0, LONGEST_REASON) || `pip ended with code ${code}.`;
}

/** Which versions there are, as pip tells it. */
function offered(said: string): string {
  const versions = /\(from versions: ([^)]+)\)/.exec(said)?.[1];
  if (!versions || versions === 'none') return 'there is no wheel of it for this Python';
  return `there are the versions ${versions.slice(-200)}`;
}

/** pip's lines such as `a 1.0 depends on c<2`. */
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

/** An address as it may be shown. */
function withoutPassword(address: string): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.href;
}

const LISTED = 'ved: installed ';
/** More than this is not kept of what is installed. */
const MOST_INSTALLED = 500;

/** What install-packages.py lists at its end, as `name==version`; null when it lists nothing. Names are those that wheels brought: a stranger's. */
export function installedIn(said: string): string[] | null {
  const line = said.split('\n').findLast((each) => each.startsWith(LISTED));
  if (line === undefined) return null;
  const names = JSON.parse(line.slice(LISTED.length)) as string[];
  return names
    .filter((each) => /^[\w.]+-[\w.!+]+$/.test(each) && each.length < 200)
    .slice(0, MOST_INSTALLED)
    .map((each) => each.replace('-', '=='));
}

/** What pip is at, of a piece of what it says; null when it does not say. */
export function installProgress(said: string): Progress | null {
  const line = said.split('\n').findLast((each) => /^\s*(Collecting|Downloading|Installing collected packages)\b/.test(each));
  return line ? { text: `Packages: ${line.trim().slice(0, 80)}`, fraction: null } : null;
}
