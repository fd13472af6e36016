/** A banner above the workspace while the server cannot be reached, with a countdown to the next try. */
import { ILabShell } from '@jupyterlab/application';
import { Widget } from '@lumino/widgets';
import type { VedPlugin } from '../app/ved-plugin.ts';
import { LiveEvents } from '../tokens.ts';
import type { LiveEventConnection } from './live-events.ts';

const TICK_MS = 500;
const NOT_REACHABLE = 'Server not reachable. What you type is not lost.';

export const connectionBannerPlugin: VedPlugin<void> = {
  id: '@ved/core:connection-banner',
  autoStart: true,
  requires: [ILabShell, LiveEvents],
  activate: (_app, shell: ILabShell, connection: LiveEventConnection) => {
    const banner = new ConnectionBanner(connection);
    shell.add(banner, 'header');
    connection.stateChanged.connect(() => banner.refresh());
  },
};

class ConnectionBanner extends Widget {
  private readonly text = document.createElement('span');
  private readonly countdown = document.createElement('span');
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly connection: LiveEventConnection) {
    super();
    this.id = 'ved-connection-banner';
    this.addClass('ved-ConnectionBanner');
    this.text.setAttribute('role', 'status');
    const retry = document.createElement('button');
    retry.type = 'button';
    retry.textContent = 'Retry now';
    retry.addEventListener('click', () => connection.retryNow());
    this.node.append(this.text, this.countdown, retry);
    this.hide();
  }

  refresh(): void {
    const isOffline = this.connection.state === 'offline';
    this.setHidden(!isOffline);
    clearInterval(this.timer);
    if (!isOffline) return;
    const { refusal } = this.connection;
    const text = refusal === null ? NOT_REACHABLE : `Live updates are off. ${refusal}`;
    // Announced when it changes, not at every try.
    if (this.text.textContent !== text) this.text.textContent = text;
    this.tick();
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  override dispose(): void {
    clearInterval(this.timer);
    super.dispose();
  }

  private tick(): void {
    const { retryAt } = this.connection;
    const seconds = retryAt === null ? 0 : Math.ceil((retryAt - Date.now()) / 1000);
    this.countdown.textContent = seconds > 0 ? `Retrying in ${seconds} s` : 'Retrying…';
  }
}
