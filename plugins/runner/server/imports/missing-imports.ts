/** Decides which imports of a script fail before it has run; pure, so that the cases can be tested. */
import type { Import } from '@ved/catalog/contract';
import { dependencyBlock, distributionOf, type Importable, type MissingImports } from '@ved/runner/contract';
import { hasBlock, packageAdvice, packageFor, requiredName, whyMissing } from '../engines/module-advice.ts';

/** More are not said of one script. */
const MOST = 50;

export interface ImportFacts {
  readonly script: Uint8Array;
  readonly imports: readonly Import[];
  /** Requirements of the script, normalised. */
  readonly packages: readonly string[];
  readonly importable: Importable;
}

/** Modules that only the interpreter itself can tell of, by their first names, each once. */
export function toLookUp({ imports, packages }: ImportFacts): string[] {
  const unsure = imports.filter(({ module, isStandard }) => !isStandard && !isAskedFor(module, packages));
  return [...new Set(unsure.map(({ module }) => firstName(module)))].slice(0, MOST);
}

/** `found` are those of `toLookUp` that the interpreter has. */
export function missingImports(facts: ImportFacts, found: ReadonlySet<string>): Omit<MissingImports, 'interpreter'> {
  const { script, imports, packages, importable } = facts;
  const absent = new Set(toLookUp(facts).filter((name) => !found.has(name)));
  const missing = new Map<string, MissingImports['missing'][number]>();
  for (const { module, line, isStandard } of imports) {
    // Of the standard library only what the engine lacks, or Linux.
    if (isStandard ? packageFor(module, importable) !== null : !absent.has(firstName(module))) continue;
    const name = isStandard ? module : firstName(module);
    if (!missing.has(name)) missing.set(name, { module: name, line, reason: whyMissing(module, importable) });
  }
  const wanted = [...new Set([...missing.keys()].flatMap((module) => packageFor(module, importable) ?? []))];
  if (wanted.length === 0) return { missing: [...missing.values()], advice: null, block: null };
  return {
    missing: [...missing.values()],
    advice: packageAdvice(doubt(packages, wanted.length), wanted, script, importable),
    block: importable.packages.available && !hasBlock(script) ? dependencyBlock(wanted) : null,
  };
}

/** What the packages of a script need themselves comes with them, and is known only once they are installed. */
function doubt(packages: readonly string[], missing: number): string {
  if (packages.length === 0) return '';
  return `Perhaps ${packages.join(', ')} ${packages.length > 1 ? 'bring' : 'brings'} ${missing > 1 ? 'them' : 'it'} along.`;
}

/**
 * Whether a requirement of the script may be the one that brings a module. Packages have other names than their modules, and
 * variants (`opencv-python-headless`): what is alike counts, as a wrong doubt is worse than none.
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
