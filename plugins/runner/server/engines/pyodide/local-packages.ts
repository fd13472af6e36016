/**
 * Finds packages for the embedded interpreter in a folder of this machine, by
 * Pyodide's own lock file: which file, which others it needs, which hash.
 * Nothing is fetched.
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
  // No path: it is a file of the folder.
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

/** Packages as a child loads them. */
export interface PackageSet {
  readonly folder: string;
  readonly lockPath: string;
  /** As the lock file has them; what they need comes along. */
  readonly names: readonly string[];
  /** The same with their versions, as `name==version`. */
  readonly versions: readonly string[];
}

/** Some packages are not there. The message names them and says why, for a person. */
class PackagesMissing extends Error {
  override readonly name = 'PackagesMissing';
}

export class LocalPackages {
  /** Files whose hash was right, by path, size and time. */
  readonly #checked = new Set<string>();

  /** `folder` holds wheels, and perhaps a lock file of its own; null when there is none. */
  constructor(private readonly folder: string | null) {}

  /** The version of the Python that Pyodide has. */
  async pythonVersion(): Promise<string> {
    return (await readLock(embeddedLock())).info.python;
  }

  /** Finds all that requirements ask for. Throws PackagesMissing. */
  async find(requirements: readonly string[]): Promise<PackageSet> {
    const { folder } = this;
    if (folder === null) {
      const names = requirements.join(', ');
      throw new PackagesMissing(
        `Missing is ${names}: this engine has packages only from a folder that VED_PYODIDE_PACKAGES names, and it names none.`,
      );
    }
    const lockPath = await this.#lockPath(folder);
    const lock = await readLock(lockPath);
    const found = new Map<string, LockedPackage>();
    const missing = requirements.flatMap((each) => collect(lock, each, found));
    for (const each of found.values()) missing.push(...(await this.#check(folder, each)));
    if (missing.length > 0) throw new PackagesMissing(`Missing is ${[...new Set(missing)].join('; ')}.`);
    const versions = [...found.values()].map(({ name, version }) => `${name}==${version}`).sort();
    return { folder, lockPath, names: [...found.keys()], versions };
  }

  /** The folder's own lock file, where it is of this Pyodide; else the embedded one's. */
  async #lockPath(folder: string): Promise<string> {
    const own = join(folder, LOCK_FILE);
    const known = await stat(own).catch(() => null);
    if (!known) return embeddedLock();
    const [theirs, ours] = [(await readLock(own)).info.abi_version, (await readLock(embeddedLock())).info.abi_version];
    if (theirs === ours) return own;
    throw new PackagesMissing(
      `The packages in ${folder} are of another Pyodide (its interface is ${theirs}; that of this one is ${ours}).`,
    );
  }

  async #check(folder: string, { name, file_name, sha256 }: LockedPackage): Promise<string[]> {
    const path = join(folder, file_name);
    const known = await stat(path).catch(() => null);
    if (!known?.isFile()) return [`${name}, whose file ${file_name} is not in ${folder}`];
    const key = `${path} ${known.size} ${known.mtimeMs} ${sha256}`;
    if (this.#checked.has(key)) return [];
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    if (hash.digest('hex') !== sha256) return [`${name}, whose file ${file_name} is not the one of the lock file (its SHA-256 differs)`];
    this.#checked.add(key);
    return [];
  }
}

function embeddedLock(): string {
  return join(packageFolder('pyodide'), LOCK_FILE);
}

async function readLock(path: string): Promise<Lock> {
  const parsed = Lock.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new PackagesMissing(`${path} is not a lock file of Pyodide.`);
}

/** Adds what a requirement asks for, and what that needs, to `found`. Answers with what there is not. */
function collect(lock: Lock, requirement: string, found: Map<string, LockedPackage>): string[] {
  const parsed = parseRequirement(requirement);
  if ('refused' in parsed) return [`${requirement}: ${parsed.refused}`];
  if (parsed.marker !== null || parsed.extras.length > 0) return [`${requirement}, as this engine knows no markers and no extras`];
  const locked = LockedPackage.safeParse(lock.packages[parsed.name]);
  if (!locked.success) return [`${parsed.name}, which the lock file of Pyodide does not know`];
  const { version } = locked.data;
  if (!satisfies(version, parsed.specifiers, { prereleases: true })) return [`${requirement}, of which Pyodide has ${version}`];
  if (found.has(parsed.name)) return [];
  found.set(parsed.name, locked.data);
  return locked.data.depends.flatMap((each) => collect(lock, canonical(each), found));
}
