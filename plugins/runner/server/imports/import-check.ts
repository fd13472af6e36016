/** Checks, before a run, which imports of a text will fail on the interpreter that would run it. Reports only what is certain. */
import type { CatalogService } from '@ved/catalog/contract';
import type { MissingImports } from '@ved/runner/contract';
import type { EngineSelection } from '../engine-selection.ts';
import { NoInterpreter } from '../interpreters/choose-interpreter.ts';
import { needsOf, type RunNeeds } from '../interpreters/run-needs.ts';
import { ScriptBlockError } from '../interpreters/script-block.ts';
import { type ImportFacts, missingImports, toLookUp } from './missing-imports.ts';
import type { ModuleFinder } from './module-finder.ts';

const UNKNOWN: MissingImports = { interpreter: null, missing: [], advice: null, block: null };

export class ImportCheck {
  constructor(
    private readonly catalog: CatalogService,
    private readonly selection: EngineSelection,
    private readonly finder: ModuleFinder,
  ) {}

  async check(content: string, person: string): Promise<MissingImports> {
    const active = await this.selection.current();
    const script = Buffer.from(content, 'utf8');
    const needs = active && needsUnlessRefused(script, active.capabilities);
    const importable = active?.capabilities.importable;
    const imports = needs && importable ? await this.catalog.importsOf(content, person) : null;
    if (!active || !needs || !importable || !imports) return UNKNOWN;
    const { interpreter, packages } = needs;
    const facts: ImportFacts = { script, imports, packages, importable };
    const names = toLookUp(facts);
    const found = names.length === 0 ? new Set<string>() : await this.finder.find(active.engine, interpreter, names);
    return found === null ? UNKNOWN : { interpreter: interpreter.name, ...missingImports(facts, found) };
  }
}

/** Null for a script that would be refused anyway, with a message. */
function needsUnlessRefused(code: Buffer, capabilities: Parameters<typeof needsOf>[1]): RunNeeds | null {
  try {
    return needsOf({ code, wantedInterpreter: null }, capabilities);
  } catch (error) {
    if (error instanceof ScriptBlockError || error instanceof NoInterpreter) return null;
    throw error;
  }
}
