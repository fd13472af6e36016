/** Decides which imports of a script will fail. Pure, so that the cases can be tested. */
import type { Import } from '@ved/catalog/contract';
import { dependencyBlock, distributionOf, type Importable, type MissingImports } from '@ved/runner/contract';
import { hasBlock, packageAdvice, packageFor, requiredName, whyMissing } from '../engines/module-advice.ts';

/** The most that are reported for one script. */
const MOST = 50;

export interface ImportFacts {
  readonly script: Uint8Array;
  readonly imports: readonly Import[];
  /** The script's requirements, normalised. */
  readonly packages: readonly string[];
  readonly importable: Importable;
}

/** Top-level modules that only the interpreter itself can check, without duplicates. */
export function toLookUp({ imports, packages }: ImportFacts): string[] {
  const unsure = imports.filter(({ module, isStandard }) => !isStandard && !isAskedFor(module, packages));
  return [...new Set(unsure.map(({ module }) => firstName(module)))].slice(0, MOST);
}

/** `found` are the modules of `toLookUp` that the interpreter has. */
export function missingImports(facts: ImportFacts, found: ReadonlySet<string>): Omit<MissingImports, 'interpreter'> {
  const { script, imports, packages, importable } = facts;
  const absent = new Set(toLookUp(facts).filter((name) => !found.has(name)));
  const missing = new Map<string, MissingImports['missing'][number]>();
  for (const { module, line, isStandard } of imports) {
    // Standard modules are missing only if the engine, or Linux, lacks them.
    if (isStandard ? packageFor(module, importable) !== null : !absent.has(firstName(module))) continue;
    const name = isStandard ? module : firstName(module);
    if (!missing.has(name)) missing.set(name, { module: name, line, reason: whyMissing(module, importable) });
  }
  const wanted = [...new Set([...missing.keys()].flatMap((module) => packageFor(module, importable) ?? []))];
  if (wanted.length === 0) return { missing: [...missing.values()], advice: null, block: null };
  return {
    missing: [...missing.values()],
    advice: packageAdvice(dependencyNote(packages, wanted.length), wanted, script, importable),
    block: importable.packages.available && !hasBlock(script) ? dependencyBlock(wanted) : null,
  };
}

/** Dependencies of a script's packages are installed too, but are known only after installation. */
function dependencyNote(packages: readonly string[], missing: number): string {
  if (packages.length === 0) return '';
  return `${missing > 1 ? 'They' : 'It'} may be installed as a dependency of ${packages.join(', ')}.`;
}

/**
 * Whether one of the script's requirements may provide a module. Package names differ from module names and have variants
 * (`opencv-python-headless`), so similar names count: a false warning is worse than none.
 */
function isAskedFor(module: string, packages: readonly string[]): boolean {
  const name = firstName(module).toLowerCase().replaceAll('_', '-');
  const distribution = distributionOf(module) ?? name;
  return packages.map(requiredName).some((asked) => {
    const isVariant = `${asked}-`.startsWith(`${distribution}-`) || `${distribution}-`.startsWith(`${asked}-`);
    return isVariant || asked.includes(name) || name.includes(asked);
  });
}

function firstName(module: string): string {
  return module.split('.')[0]!;
}
