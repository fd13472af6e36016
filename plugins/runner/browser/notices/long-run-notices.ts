/**
 * Desktop notifications of a person's own long runs while the page is not visible.
 * The browser's permission is requested only when the person turns them on.
 */
import { Notification as Toast } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { DisposableSet, type IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { LiveEvents } from '@ved/core/browser';
import { passChanged, runChanged } from '@ved/runner/contract';
import { NOTIFY_SETTING } from '../settings.ts';
import { type Notice, noticeOfPass, noticeOfRun } from './notice.ts';

export interface LongRunNoticesOptions {
  readonly live: LiveEvents;
  readonly settings: ISettingRegistry.ISettings;
  readonly username: string;
  nameOf(scriptId: number): string;
  openRun(runId: number): void;
  openPass(passId: number): void;
}

export class LongRunNotices implements IDisposable {
  /** `on` changed. */
  readonly changed = new Signal<this, void>(this);
  private readonly subscriptions = new DisposableSet();
  private wanted: boolean;

  constructor(private readonly options: LongRunNoticesOptions) {
    const { live, settings, username } = options;
    this.wanted = settings.composite[NOTIFY_SETTING] === true;
    settings.changed.connect(this.onSettings, this);
    this.subscriptions.add(
      live.on(runChanged, ({ run }) => this.show(noticeOfRun(run, username, options.nameOf(run.script_id)), () => options.openRun(run.id))),
    );
    this.subscriptions.add(live.on(passChanged, ({ pass }) => this.show(noticeOfPass(pass, username), () => options.openPass(pass.id))));
  }

  get isDisposed(): boolean {
    return this.subscriptions.isDisposed;
  }
  dispose(): void {
    this.options.settings.changed.disconnect(this.onSettings, this);
    this.subscriptions.dispose();
    Signal.clearData(this);
  }

  /** Whether the person wants them and this browser allows them. */
  get on(): boolean {
    return this.wanted && permission() === 'granted';
  }

  /** Call it from a click: browsers ask for permission only then. */
  async toggle(): Promise<void> {
    const { settings } = this.options;
    if (this.on) await settings.set(NOTIFY_SETTING, false);
    else if (this.wanted) await this.ask();
    else await settings.set(NOTIFY_SETTING, true);
    this.changed.emit();
  }

  /** The setting was changed, by the command or in the settings. Turning it on asks for permission. */
  private onSettings(): void {
    const wanted = this.options.settings.composite[NOTIFY_SETTING] === true;
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    if (wanted) void this.ask();
    this.changed.emit();
  }

  private async ask(): Promise<void> {
    if (permission() === 'default') await window.Notification.requestPermission();
    if (permission() !== 'granted')
      Toast.warning('The browser blocks notifications from this site. Allow them in the browser’s site settings.', { autoClose: 8000 });
    this.changed.emit();
  }

  private show(notice: Notice | null, open: () => void): void {
    if (!notice || !this.on || document.visibilityState === 'visible') return;
    const { title, ...options } = notice;
    const shown = new window.Notification(title, options);
    shown.onclick = () => {
      window.focus();
      shown.close();
      open();
    };
  }
}

/** Also `denied` without support: on a page without TLS, or in a browser that lacks them. */
function permission(): NotificationPermission {
  return 'Notification' in window ? window.Notification.permission : 'denied';
}
