/** Where a script stands against prod, in words. */
import type { ScriptSummary } from '@ved/catalog/contract';

export function versionLabel(version: { major: number; minor: number }): string {
  return `v${version.major}.${version.minor}`;
}

/** What the row says beside the version; empty when prod has the newest. */
export function prodWords(script: Pick<ScriptSummary, 'prod_state' | 'prod_version'>): string {
  const prod = script.prod_version ? versionLabel(script.prod_version) : '';
  switch (script.prod_state) {
    case 'none':
      return 'not on prod';
    case 'same':
      return 'on prod';
    case 'ahead':
      return `ahead of prod ${prod}`;
    case 'conflict':
      return `conflicts with prod ${prod}`;
  }
}
