/** Describes how a script's versions compare to prod. */
import { type ScriptSummary, versionName } from '@ved/catalog/contract';

/** Shown next to the version in the row. */
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

/** `ed2 has v0.7, not on prod`: an editor's unmerged work. */
export function otherWords(other: OtherUnmerged, script: Pick<ScriptSummary, 'major' | 'minor'>): string {
  const has = `${other.committer} has ${versionName(other)}`;
  if (other.in_newest) return `${has}, included in ${versionName(script)}`;
  return other.state === 'conflict' ? `${has}, conflicts with prod` : `${has}, not on prod`;
}

/** The other editors' versions that are not included in the newest one and have to be merged separately. */
export function apartFromNewest(script: ScriptSummary): readonly OtherUnmerged[] {
  return script.other_unmerged.filter((other) => !other.in_newest);
}
