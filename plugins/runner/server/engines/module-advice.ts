/** What to do about a module that a script cannot import on an engine. */
import { dependencyBlock, distributionOf, formerModule, type Importable } from '@ved/runner/contract';
import { canonical } from '../interpreters/requirement.ts';
import { readScriptBlock, type ScriptNeeds } from '../interpreters/script-block.ts';

/** `module` is the name in Python's `No module named '…'`. */
export function moduleAdvice(module: string, script: Uint8Array, importable: Importable): string {
  const first = module.split('.')[0]!;
  const distribution = packageFor(module, importable);
  if (distribution === null) return whyMissing(module, importable);
  const asked = requirementFor(distribution, script);
  if (asked !== null && first !== module) return `${asked} is installed, but has no module ${module}. ${importable.packages.advice}`;
  if (asked !== null) return `${asked} does not provide the module ${module}. Add the package that does, by its name on the index.`;
  return packageAdvice(whyMissing(module, importable), [distribution], script, importable);
}

/** The package that provides a missing module; null if none does, because the engine, or every Python, lacks it. */
export function packageFor(module: string, { missingModules }: Importable): string | null {
  return isMissingHere(module, missingModules) ? null : distributionOf(module);
}

/** A sentence; empty if nothing is known. */
export function whyMissing(module: string, { missingModules }: Importable): string {
  if (isMissingHere(module, missingModules))
    return `${module} is part of Python's standard library, but not on this engine; the Docker engine has it.`;
  const former = formerModule(module);
  if (former !== null || distributionOf(module) === null) return former ?? '';
  return `${module.split('.')[0]} is not part of Python's standard library, and scripts cannot import each other.`;
}

/** How a script can declare packages, after a sentence on why it needs to. */
export function packageAdvice(why: string, packages: readonly string[], script: Uint8Array, importable: Importable): string {
  const { available, advice } = importable.packages;
  const lines = hasBlock(script)
    ? `add ${packages.map((each) => JSON.stringify(each)).join(', ')} to the dependencies in the script's "# /// script" block.`
    : `put these lines at the top of the script:\n${dependencyBlock(packages)}`;
  const them = packages.length > 1 ? 'them' : 'it';
  const sentences = available ? [why, `To install ${them}, ${lines}`] : [why, advice, `Then ${lines}`];
  return sentences.filter((each) => each !== '').join(' ') + (available && advice !== '' ? `\n${advice}` : '');
}

/** Whether a script already has a metadata block, valid or not. */
export function hasBlock(script: Uint8Array): boolean {
  return /^# \/\/\/ script$/m.test(
    Buffer.from(script)
      .toString('utf8')
      .replaceAll('\r\n', '\n')
      .replace(/^\ufeff/, ''),
  );
}

function isMissingHere(module: string, missingModules: ReadonlySet<string>): boolean {
  return missingModules.has(module) || missingModules.has(module.split('.')[0]!);
}

function needsOf(script: Uint8Array): ScriptNeeds | null {
  try {
    return readScriptBlock(Buffer.from(script).toString('utf8'));
  } catch {
    // Such a script would not have run.
    return null;
  }
}

/** The script's requirement for this package; null if there is none. */
function requirementFor(distribution: string, script: Uint8Array): string | null {
  const wanted = canonical(distribution);
  return needsOf(script)?.packages.find((each) => requiredName(each) === wanted) ?? null;
}

/** The package name in a normalised requirement. */
export function requiredName(requirement: string): string {
  return /^[a-z0-9-]+/.exec(requirement)![0];
}
