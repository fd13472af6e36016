/** Where a script stands against prod, in words. */
import { type ScriptSummary, versionName } from '@ved/catalog/contract';

/** What the row says beside the version; empty when prod has the newest. */
export function prodWords(script: Pick<ScriptSummary, 'prod_state' | 'prod_version'>): string {
  const prod = script.prod_version ? versionName(script.prod_version) : '';
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

type OtherUnmerged = ScriptSummary['other_unmerged'][number];

/** `ed2 has v0.7, not on prod`: of somebody's work that is not in the newest version. */
export function otherWords(other: OtherUnmerged, script: Pick<ScriptSummary, 'major' | 'minor'>): string {
  const has = `${other.committer} has ${versionName(other)}`;
  if (other.in_newest) return `${has}, in ${versionName(script)} too`;
  return other.state === 'conflict' ? `${has}, conflicts with prod` : `${has}, not on prod`;
}

/** The other editors' versions that go to prod by themselves only, not with the newest version. */
export function apartFromNewest(script: ScriptSummary): readonly OtherUnmerged[] {
  return script.other_unmerged.filter((other) => !other.in_newest);
}
