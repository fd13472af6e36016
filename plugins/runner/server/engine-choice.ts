/** Which engine to use, decided from what each said of itself; pure, so that the words can be tested. */
import type { Capabilities } from '@ved/runner/contract';

export interface Choice {
  /** Null when the one asked for is not available. */
  readonly active: string | null;
  /** Why this one, or what is in the way; for a person. */
  readonly why: string;
}

/** Engines in the order in which a setting takes them. */
export function preference(requested: string): readonly string[] {
  return requested === 'auto' ? ['docker', 'pyodide'] : [requested.replace(/^plugin:/, '')];
}

/** The first engine of the preference that is available. A server that was told one engine never takes another. */
export function choose(requested: string, capabilities: ReadonlyMap<string, Capabilities>): Choice {
  const wanted = preference(requested);
  const active = wanted.find((id) => capabilities.get(id)?.available) ?? null;
  const missing = wanted.filter((id) => id !== active).filter((id) => active === null || wanted.indexOf(id) < wanted.indexOf(active));
  const obstacles = missing.map((id) => `${id}: ${capabilities.get(id)?.reason ?? 'There is no such engine.'}`).join(' ');
  if (active === null) return { active, why: `No engine is available. ${obstacles} ${adviceFor(requested)}` };
  if (requested !== 'auto') return { active, why: `VED_RUNNER asks for ${requested}.` };
  if (obstacles === '') return { active, why: `${active} is available, and preferred.` };
  return { active, why: `Not available is ${obstacles}` };
}

function adviceFor(requested: string): string {
  return requested === 'auto' ? 'See to one of them.' : `See to it, or start with VED_RUNNER=auto to take whichever engine there is.`;
}
