/**
 * Finds packages for the embedded interpreter in a local folder, using Pyodide's lock
 * file: their files, dependencies and hashes. Nothing is downloaded.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { satisfies } from '@renovatebot/pep440';
import { z } from 'zod';
import { canonical, parseRequirement } from '../../interpreters/requirement.ts';
import { packageFolder } from '../source-file.ts';

const LOCK_FILE = 'pyodide-lock.json';
const LockedPackage = z.object({
  name: z.string(),
  version: z.string(),
  // Not a path: a file in the folder.
  file_name: z.string().regex(/^[\w.+-]+$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  depends: z.array(z.string()),
});
type LockedPackage = z.infer<typeof LockedPackage>;
const Lock = z.object({
  info: z.object({ python: z.string(), abi_version: z.string() }),
  packages: z.record(z.string(), z.unknown()),
});
type Lock = z.infer<typeof Lock>;

/** Packages for a child to load. */
export interface PackageSet {
  readonly folder: string;
  readonly lockPath: string;
  /** Names from the lock file, including dependencies. */
  readonly names: readonly string[];
  /** The same with their versions, as `name==version`. */
  readonly versions: readonly string[];
}

/** Some packages are missing. The message names them and says why, for people. */
class PackagesMissing extends Error {
  override readonly name = 'PackagesMissing';
}

export class LocalPackages {
  /** Files with a verified hash, by path, size and time. */
  private readonly checked = new Set<string>();

  /** `folder` contains wheels and optionally its own lock file; null if there is none. */
  constructor(private readonly folder: string | null) {}

  /** Pyodide's Python version. */
  async pythonVersion(): Promise<string> {
    return (await readLock(embeddedLock())).info.python;
  }

  /** Finds all required packages. Throws PackagesMissing. */
  async find(requirements: readonly string[]): Promise<PackageSet> {
    const { folder } = this;
    if (folder === null) {
      const names = requirements.join(', ');
      throw new PackagesMissing(
        `Missing packages: ${names}. This engine only has packages from the folder in VED_PYODIDE_PACKAGES, which is not set.`,
      );
    }
    const lockPath = await this.lockPath(folder);
    const lock = await readLock(lockPath);
    const found = new Map<string, LockedPackage>();
    const missing = requirements.flatMap((each) => collect(lock, each, found));
    for (const each of found.values()) missing.push(...(await this.check(folder, each)));
    if (missing.length > 0) throw new PackagesMissing(`Missing packages: ${[...new Set(missing)].join('; ')}.`);
    const versions = [...found.values()].map(({ name, version }) => `${name}==${version}`).sort();
    return { folder, lockPath, names: [...found.keys()], versions };
  }

  /** The folder's own lock file if it has one, else the embedded one. Throws if it is for another Pyodide. */
  private async lockPath(folder: string): Promise<string> {
    const own = join(folder, LOCK_FILE);
    const known = await stat(own).catch(() => null);
    if (!known) return embeddedLock();
    const [theirs, ours] = [(await readLock(own)).info.abi_version, (await readLock(embeddedLock())).info.abi_version];
    if (theirs === ours) return own;
    throw new PackagesMissing(
      `The packages in ${folder} are for another version of Pyodide (their ABI version is ${theirs}; this one's is ${ours}).`,
    );
  }

  private async check(folder: string, { name, file_name, sha256 }: LockedPackage): Promise<string[]> {
    const path = join(folder, file_name);
    const known = await stat(path).catch(() => null);
    if (!known?.isFile()) return [`${name} (its file ${file_name} is not in ${folder})`];
    const key = `${path} ${known.size} ${known.mtimeMs} ${sha256}`;
    if (this.checked.has(key)) return [];
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    if (hash.digest('hex') !== sha256) return [`${name} (the SHA-256 of ${file_name} does not match the lock file)`];
    this.checked.add(key);
    return [];
  }
}

function embeddedLock(): string {
  return join(packageFolder('pyodide'), LOCK_FILE);
}

async function readLock(path: string): Promise<Lock> {
  const parsed = Lock.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new PackagesMissing(`${path} is not a Pyodide lock file.`);
}

/** Adds a required package and its dependencies to `found`. Returns what is missing. */
function collect(lock: Lock, requirement: string, found: Map<string, LockedPackage>): string[] {
  const parsed = parseRequirement(requirement);
  if ('refused' in parsed) return [`${requirement} (${parsed.refused.replace(/\.$/, '')})`];
  if (parsed.marker !== null || parsed.extras.length > 0) return [`${requirement} (this engine does not support markers and extras)`];
  const locked = LockedPackage.safeParse(lock.packages[parsed.name]);
  if (!locked.success) return [`${parsed.name} (not in Pyodide's lock file)`];
  const { version } = locked.data;
  if (!satisfies(version, parsed.specifiers, { prereleases: true })) return [`${requirement} (Pyodide has ${version})`];
  if (found.has(parsed.name)) return [];
  found.set(parsed.name, locked.data);
  return locked.data.depends.flatMap((each) => collect(lock, canonical(each), found));
}
