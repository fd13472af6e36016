/** At the end of a script's toolbar: who else is changing it, as a warning of conflicts. Empty when nobody is. */
import { Widget } from '@lumino/widgets';
import type { ScriptTab } from '../tabs/script-tab.ts';
import { presenceText } from '../tabs/tab-title.ts';
import type { OthersPresent } from './others-present.ts';

export class PresenceChip extends Widget {
  constructor(
    private readonly tab: ScriptTab,
    private readonly others: OthersPresent,
  ) {
    super();
    this.addClass('ved-PresenceChip');
    this.node.setAttribute('role', 'status');
    others.changed.connect(this.showOthers, this);
    this.showOthers();
  }

  override dispose(): void {
    this.others.changed.disconnect(this.showOthers, this);
    super.dispose();
  }

  private showOthers(): void {
    const { scriptId } = this.tab.target;
    const changing = scriptId === null ? [] : this.others.at(scriptId).filter(({ dirty, typing }) => dirty || typing);
    const typing = changing.filter((other) => other.typing);
    const [first] = [...typing, ...changing];
    const more = changing.length - 1;
    const text = first ? presenceText(first) + (more > 0 ? ` +${more}` : '') : '';
    // A screen reader announces every write, so write only changes.
    if (this.node.textContent !== text) this.node.textContent = text;
    this.node.title = changing.map(presenceText).join('\n');
    this.node.classList.toggle('ved-mod-typing', typing.length > 0);
    this.setHidden(text === '');
  }
}
