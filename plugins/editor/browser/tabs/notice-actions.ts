/** What the notices' buttons do. */
import { Notification } from '@jupyterlab/apputils';
import { type ScriptDetail, scriptName, versionName } from '@ved/catalog/contract';
import { reasonOf } from '@ved/core/browser';
import type { Editors } from '../../contract/index.ts';
import type { ScriptClient, ScriptDocument } from '../documents/script-document.ts';
import type { NoticeAction } from './notices.ts';
import type { OpenScript } from './open-script.ts';
import type { SaveFlow } from './save-flow.ts';

type Action = (script: OpenScript) => unknown;

export class NoticeActions {
  private readonly actions: Readonly<Record<NoticeAction, Action>>;

  constructor(saveFlow: SaveFlow, client: ScriptClient, editors: Pick<Editors, 'open' | 'openDiff'>) {
    this.actions = {
      compare: ({ document }) => saveFlow.compare(document),
      overwrite: ({ document }) => saveFlow.overwrite(document),
      fork: ({ document }) => saveFlow.fork(document),
      discard: ({ document }) => saveFlow.discard(document),
      restore: ({ document }) => document.undelete(),
      retry: (script) => script.save(),
      dismiss: () => undefined,
      'open-newest': ({ scriptId }) => editors.open(scriptId!),
      'compare-overtaken': ({ document }) => compareOvertaken(document, editors),
      'accept-overtaken': ({ document }) => document.acceptOvertaken(),
      'compare-newest': (script) => compareWithNewest(script, client, editors),
    };
  }

  /** Failures are shown to the person. */
  run(action: NoticeAction, script: OpenScript): void {
    Promise.resolve(this.actions[action](script)).catch((error: unknown) => Notification.error(reasonOf(error), { autoClose: false }));
  }
}

function compareOvertaken(document: ScriptDocument, editors: Pick<Editors, 'openDiff'>): void {
  const { overtaken, detail } = document;
  if (!overtaken || !detail) return;
  const side = ({ version, content }: ScriptDetail) => ({ title: `${versionName(version)} by ${version.committer}`, text: content });
  editors.openDiff(`overtaken-${document.key}`, side(overtaken), side(detail));
}

async function compareWithNewest({ document }: OpenScript, client: ScriptClient, editors: Pick<Editors, 'openDiff'>): Promise<void> {
  const old = document.detail!;
  const newest = await client.getScript({ params: { id: old.id } });
  const [left, right] = [old, newest].map((detail) => ({
    title: `${scriptName(detail)} ${versionName(detail.version)}`,
    text: detail.content,
  }));
  editors.openDiff(`newest-${document.key}`, left!, right!);
}
