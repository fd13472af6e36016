/** Text about a pass: its status, its progress, and mentions of it in other texts. */
import type { Catalog, StatusWords } from '@ved/catalog/contract';
import type { Pass, PassRun } from '@ved/runner/contract';

const WORDS: Record<Pass['status'], StatusWords> = {
  queued: { icon: '◌', word: 'Waiting', tone: 'neutral' },
  running: { icon: '▸', word: 'Running', tone: 'neutral' },
  succeeded: { icon: '✓', word: 'Success', tone: 'good' },
  failed: { icon: '✗', word: 'Some failed', tone: 'bad' },
  cancelled: { icon: '■', word: 'Cancelled', tone: 'neutral' },
  engine_error: { icon: '!', word: 'Engine failed', tone: 'bad' },
};

export function passWords(status: Pass['status']): StatusWords {
  return WORDS[status];
}

/** `v0.3`; if prod has another version since, `v0.3, prod now v0.4`; for a draft `v0.5 draft`. */
export function versionWords(
  run: Pick<PassRun, 'script_id' | 'script_version_id' | 'version_label' | 'source'>,
  catalog: Pick<Catalog, 'find' | 'scripts'>,
): string {
  const ran = `v${run.version_label.replace(/^v/, '')}${run.source === 'draft' ? ' draft' : ''}`;
  const script = catalog.find(run.script_id);
  // Until the catalog has loaded, prod is unknown; a script that is not in it then was deleted.
  if (!script) return catalog.scripts.length === 0 ? ran : `${ran}, since deleted`;
  const { prod_version: prod } = script;
  if (prod === null) return `${ran}, not on prod now`;
  return prod.id === run.script_version_id ? ran : `${ran}, prod now v${prod.major}.${prod.minor}`;
}

/** `3 of 9 done`, `9 of 9 done, 2 failed, 4 cancelled` */
export function progressWords({ total, finished, failed, cancelled }: Pass['counts']): string {
  const ends = [failed > cancelled && `${failed - cancelled} failed`, cancelled > 0 && `${cancelled} cancelled`];
  return [`${finished} of ${total} done`, ...ends].filter(Boolean).join(', ');
}

/** Milliseconds from its start to its end or to `now`; null if it has not started. */
export function passDurationMs({ started_at, finished_at }: Pick<Pass, 'started_at' | 'finished_at'>, now: number): number | null {
  if (started_at === null) return null;
  const end = finished_at === null ? now : Date.parse(finished_at);
  return Math.max(0, end - Date.parse(started_at));
}

/** A text in pieces: strings, and the ids of passes mentioned as `pass 7`. */
export function passMentions(text: string): (string | number)[] {
  return text.split(/\bpass (\d+)\b/).map((piece, index) => (index % 2 === 1 ? Number(piece) : piece));
}
