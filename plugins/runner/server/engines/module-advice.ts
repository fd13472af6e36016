/** What to do about a module that a script does not find, on the engine that it ran on or will run on. */
import { dependencyBlock, distributionOf, formerModule, type Importable } from '@ved/runner/contract';
import { canonical } from '../interpreters/requirement.ts';
import { readScriptBlock, type ScriptNeeds } from '../interpreters/script-block.ts';

/** `module` is as Python names it in `No module named '…'`. */
export function moduleAdvice(module: string, script: Uint8Array, importable: Importable): string {
  const first = module.split('.')[0]!;
  const distribution = packageFor(module, importable);
  if (distribution === null) return whyMissing(module, importable);
  const asked = requirementFor(distribution, script);
  if (asked !== null && first !== module) return `${asked} is installed, but has no module ${module}. ${importable.packages.advice}`;
  if (asked !== null)
    return `The script asks for ${asked}, which brings no module ${module}. Ask for the package that does, by its name on the index.`;
  return packageAdvice(whyMissing(module, importable), [distribution], script, importable);
}

/** The package that brings a module which is not there; null where none does, as the engine lacks that part of Python or no Python has it. */
export function packageFor(module: string, { missingModules }: Importable): string | null {
  return isLackedHere(module, missingModules) ? null : distributionOf(module);
}

/** A sentence; empty where nothing is known of it. */
export function whyMissing(module: string, { missingModules }: Importable): string {
  if (isLackedHere(module, missingModules))
    return `${module} is part of Python's standard library, but not on this engine; the Docker engine has it.`;
  const former = formerModule(module);
  if (former !== null || distributionOf(module) === null) return former ?? '';
  return `${module.split('.')[0]} is not part of Python's standard library, and scripts cannot import each other.`;
}

/** How a script asks for packages, after a sentence on why it has to. */
export function packageAdvice(why: string, packages: readonly string[], script: Uint8Array, importable: Importable): string {
  const { available, advice } = importable.packages;
  const lines = hasBlock(script)
    ? `add ${packages.map((each) => JSON.stringify(each)).join(', ')} to the dependencies in the script's "# /// script" block.`
    : `put these lines at the top of the script:\n${dependencyBlock(packages)}`;
  const them = packages.length > 1 ? 'them' : 'it';
  const said = available ? [why, `To have ${them} installed, ${lines}`] : [why, advice, `Then ${lines}`];
  return said.filter((each) => each !== '').join(' ') + (available && advice !== '' ? `\n${advice}` : '');
}

/** Whether a script has lines on what it needs already, well-formed or not. */
export function hasBlock(script: Uint8Array): boolean {
  return /^# \/\/\/ script$/m.test(
    Buffer.from(script)
      .toString('utf8')
      .replaceAll('\r\n', '\n')
      .replace(/^\ufeff/, ''),
  );
}

function isLackedHere(module: string, missingModules: ReadonlySet<string>): boolean {
  return missingModules.has(module) || missingModules.has(module.split('.')[0]!);
}

function needsOf(script: Uint8Array): ScriptNeeds | null {
  try {
    return readScriptBlock(Buffer.from(script).toString('utf8'));
  } catch {
    // It would not have run.
    return null;
  }
}

/** The requirement of the script that names this package; null when there is none. */
function requirementFor(distribution: string, script: Uint8Array): string | null {
  const wanted = canonical(distribution);
  return needsOf(script)?.packages.find((each) => requiredName(each) === wanted) ?? null;
}

/** The package that a normalised requirement names. */
export function requiredName(requirement: string): string {
  return /^[a-z0-9-]+/.exec(requirement)![0];
}
