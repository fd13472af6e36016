/** The bars between a tab's toolbar and its editor. The layout is told how high they are. */
import { ReactWidget } from '@jupyterlab/ui-components';
import { type Message, MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { Notice, NoticeAction } from './notices.ts';

const labels: Readonly<Record<NoticeAction, string>> = {
  compare: 'Compare',
  overwrite: 'Overwrite',
  fork: 'Keep mine as a fork',
  discard: 'Discard mine',
  restore: 'Restore',
  retry: 'Try again',
  dismiss: 'Dismiss',
  'open-newest': 'Open newest',
  'compare-newest': 'Compare with newest',
  'compare-overtaken': 'Compare with mine',
  'accept-overtaken': 'Dismiss',
};

export class NoticeBar extends ReactWidget {
  private notices: readonly Notice[] = [];
  private readonly heights = new ResizeObserver(() => this.updateHeight());

  constructor(private readonly onAction: (action: NoticeAction) => void) {
    super();
    this.addClass('ved-NoticeBar');
  }

  showNotices(notices: readonly Notice[]): void {
    if (JSON.stringify(notices) === JSON.stringify(this.notices)) return;
    this.notices = notices;
    this.update();
  }

  protected override render() {
    return (
      <div ref={(list) => this.observe(list)}>
        {this.notices.map((notice) => (
          <div
            key={notice.id}
            className={`ved-Notice ved-mod-${notice.kind}`}
            role={notice.kind === 'warning' ? 'alert' : 'status'}
            data-ved-notice={notice.id}
          >
            <span className="ved-Notice-text">{notice.text}</span>
            {notice.actions.map((action) => (
              <button key={action} type="button" data-ved-action={action} onClick={() => this.onAction(action)}>
                {labels[action]}
              </button>
            ))}
          </div>
        ))}
      </div>
    );
  }

  private observe(list: HTMLElement | null): void {
    this.heights.disconnect();
    if (list) this.heights.observe(list);
  }

  /** The panel gives a widget only its minimum height; text wraps, so that is known only after rendering. */
  private updateHeight(): void {
    const height = this.node.firstElementChild?.clientHeight ?? 0;
    this.node.style.minHeight = `${height}px`;
    if (this.parent) MessageLoop.postMessage(this.parent, Widget.Msg.FitRequest);
  }

  protected override onBeforeDetach(message: Message): void {
    this.heights.disconnect();
    super.onBeforeDetach(message);
  }
}
