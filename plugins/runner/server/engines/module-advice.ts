/** What to do about a module that a script does not find, on the engine that it ran on. */
import { dependencyBlock, distributionOf, formerModule } from '@ved/runner/contract';
import { canonical } from '../interpreters/requirement.ts';
import { readScriptBlock, type ScriptNeeds } from '../interpreters/script-block.ts';

/** What a sandbox offers to import, of its bounds. */
interface Importable {
  readonly packages: { readonly available: boolean; readonly advice: string };
  readonly missingModules: ReadonlySet<string>;
}

/** `module` is as Python names it in `No module named '…'`. */
export function moduleAdvice(module: string, script: Uint8Array, { missingModules, packages }: Importable): string {
  const first = module.split('.')[0]!;
  if (missingModules.has(module) || missingModules.has(first))
    return `${module} is part of Python's standard library, but not on this engine; the Docker engine has it.`;
  const distribution = distributionOf(module);
  const former = formerModule(module);
  if (distribution === null) return former ?? '';
  const asked = requirementFor(distribution, script);
  if (asked !== null && first !== module) return `${asked} is installed, but has no module ${module}. ${packages.advice}`;
  if (asked !== null)
    return `The script asks for ${asked}, which brings no module ${module}. Ask for the package that does, by its name on the index.`;
  const what = former ?? `${first} is not part of Python's standard library, and scripts cannot import each other.`;
  const lines = hasBlock(script)
    ? `add ${JSON.stringify(distribution)} to the dependencies in the script's "# /// script" block.`
    : `put these lines at the top of the script:\n${dependencyBlock([distribution])}`;
  if (packages.available) return `${what} To have it installed, ${lines}${packages.advice === '' ? '' : `\n${packages.advice}`}`;
  return `${what} ${packages.advice} Then ${lines}`;
}

function needsOf(script: Uint8Array): ScriptNeeds | null {
  try {
    return readScriptBlock(Buffer.from(script).toString('utf8'));
  } catch {
    // It would not have run.
    return null;
  }
}

function hasBlock(script: Uint8Array): boolean {
  return /^# \/\/\/ script$/m.test(
    Buffer.from(script)
      .toString('utf8')
      .replaceAll('\r\n', '\n')
      .replace(/^\ufeff/, ''),
  );
}

/** The requirement of the script that names this package; null when there is none. */
function requirementFor(distribution: string, script: Uint8Array): string | null {
  const wanted = canonical(distribution);
  return needsOf(script)?.packages.find((each) => /^[a-z0-9-]+/.exec(each)?.[0] === wanted) ?? null;
}
