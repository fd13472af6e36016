/** `v0.4 · prod v0.3`: which version the text is based on, and what prod runs. A click opens the versions, if a plugin shows them. */

import { Widget } from '@lumino/widgets';
import { versionName } from '@ved/catalog/contract';
import type { OpenScript } from './open-script.ts';

export class VersionBadge extends Widget {
  private readonly button = document.createElement('button');

  constructor(
    private readonly script: OpenScript,
    private readonly onPress: (() => void) | null,
  ) {
    super();
    this.addClass('ved-VersionBadge');
    this.button.type = 'button';
    this.button.addEventListener('click', () => this.onPress?.());
    this.node.append(this.button);
    script.changed.connect(this.showVersions, this);
    this.showVersions();
  }

  private showVersions(): void {
    const text = this.text();
    if (this.button.textContent !== text) this.button.textContent = text;
    this.button.disabled = this.script.scriptId === null || !this.onPress;
    const { detail } = this.script.document;
    const behind = !!detail?.prod_version && detail.prod_state !== 'same';
    this.node.classList.toggle('ved-mod-behind', behind);
    const show = this.onPress ? 'Show versions' : '';
    this.button.title = behind ? `Prod runs ${versionName(detail.prod_version!)}, which has a different text. ${show}` : show;
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
