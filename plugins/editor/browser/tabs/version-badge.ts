/** `v0.4 · prod v0.3`: which version the text is based on, and what prod runs. A press opens the versions. */
import { Widget } from '@lumino/widgets';
import { versionName } from '../documents/script-names.ts';
import type { OpenScript } from './open-script.ts';

export class VersionBadge extends Widget {
  private readonly button = document.createElement('button');

  constructor(
    private readonly script: OpenScript,
    onPress: () => void,
  ) {
    super();
    this.addClass('ved-VersionBadge');
    this.button.type = 'button';
    this.button.addEventListener('click', onPress);
    this.node.append(this.button);
    script.changed.connect(this.showVersions, this);
    this.showVersions();
  }

  private showVersions(): void {
    const text = this.text();
    if (this.button.textContent !== text) this.button.textContent = text;
    this.button.disabled = this.script.scriptId === null;
    const { detail } = this.script.document;
    const behind = !!detail?.prod_version && detail.prod_state !== 'same';
    this.node.classList.toggle('ved-mod-behind', behind);
    this.button.title = behind ? `Prod runs ${versionName(detail.prod_version!)}, another text. Show the versions` : 'Show the versions';
    this.node.dataset.vedVersion = this.script.version ? versionName(this.script.version) : '';
  }

  private text(): string {
    const { detail } = this.script.document;
    if (!detail) return 'not saved yet';
    const prod = detail.prod_version ? `prod ${versionName(detail.prod_version)}` : 'not on prod';
    return `${versionName(detail.version)} · ${prod}`;
  }

  override dispose(): void {
    this.script.changed.disconnect(this.showVersions, this);
    super.dispose();
  }
}
