/** Decides which engine to use from the engines' capabilities. Pure, so that the messages can be tested. */
import type { Capabilities } from '@ved/runner/contract';

export interface Choice {
  /** Null if the requested one is not available. */
  readonly active: string | null;
  /** Why this one, or what is wrong; for people. */
  readonly why: string;
}

/** Engines in the order of preference of a setting. */
export function preference(requested: string): readonly string[] {
  return requested === 'auto' ? ['docker', 'pyodide'] : [requested.replace(/^plugin:/, '')];
}

/** The first preferred engine that is available. A server that is configured for one engine never uses another. */
export function choose(requested: string, capabilities: ReadonlyMap<string, Capabilities>): Choice {
  const wanted = preference(requested);
  const active = wanted.find((id) => capabilities.get(id)?.available) ?? null;
  const missing = wanted.filter((id) => id !== active).filter((id) => active === null || wanted.indexOf(id) < wanted.indexOf(active));
  const obstacles = missing.map((id) => `${id}: ${capabilities.get(id)?.reason ?? 'There is no such engine.'}`).join(' ');
  if (active === null) return { active, why: `No engine is available. ${obstacles} ${adviceFor(requested)}` };
  if (requested !== 'auto') return { active, why: `VED_RUNNER is set to ${requested}.` };
  if (obstacles === '') return { active, why: `${active} is available and preferred.` };
  return { active, why: `Using ${active}, because others are not available. ${obstacles}` };
}

function adviceFor(requested: string): string {
  return requested === 'auto' ? 'Fix one of them.' : 'Fix it, or set VED_RUNNER=auto to use any built-in engine.';
}
