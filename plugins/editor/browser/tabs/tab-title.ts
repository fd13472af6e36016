/** Keeps a tab's title: number, name, the dot for unsaved text, the initials of who else has it open. */
import type { Presence } from '../../contract/index.ts';
import type { OthersPresent } from '../presence/others-present.ts';
import type { ScriptTab } from './script-tab.ts';

/** Follows the script of this tab until the tab is closed. */
export function keepTitle(tab: ScriptTab, others: OthersPresent): void {
  const show = () => showTitle(tab, tab.target.scriptId === null ? [] : others.at(tab.target.scriptId), others.initials);
  tab.script!.changed.connect(show);
  others.changed.connect(show);
  tab.disposed.connect(() => others.changed.disconnect(show));
  show();
}

function showTitle({ script, title }: ScriptTab, others: readonly Presence[], initials: ReadonlyMap<string, string>): void {
  if (!script) return;
  title.label = script.title;
  title.className = script.dirty ? 'jp-mod-dirty' : '';
  title.iconClass = others.length > 0 ? 'ved-TabPresence' : '';
  title.iconLabel = others.map(({ username, typing }) => initials.get(username)! + (typing ? ' ✎' : '')).join(' ');
  title.caption = [script.document.detail?.description ?? script.title, ...others.map(presenceText)].join('\n\n');
}

/** What somebody does in a script, as a sentence. */
export function presenceText({ username, dirty, typing }: Presence): string {
  if (typing) return `${username} is typing`;
  return dirty ? `${username} is editing it` : `${username} has it open`;
}
