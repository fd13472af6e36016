/** The bars between a tab's toolbar and its editor. */
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Notice, NoticeAction } from './notices.ts';

const labels: Readonly<Record<NoticeAction, string>> = {
  compare: 'Compare',
  overwrite: 'Overwrite',
  fork: 'Keep mine as a fork',
  discard: 'Discard mine',
  restore: 'Restore it',
  retry: 'Try again',
  dismiss: 'Dismiss',
  'open-newest': 'Open the newest',
  'compare-newest': 'Compare with the newest',
};

export class NoticeBar extends ReactWidget {
  private notices: readonly Notice[] = [];

  constructor(private readonly onAction: (action: NoticeAction, notice: Notice) => void) {
    super();
    this.addClass('ved-NoticeBar');
    this.hide();
  }

  showNotices(notices: readonly Notice[]): void {
    this.notices = notices;
    this.setHidden(notices.length === 0);
    this.update();
  }

  protected override render() {
    return this.notices.map((notice) => (
      <div
        key={notice.id}
        className={`ved-Notice ved-mod-${notice.kind}`}
        role={notice.kind === 'warning' ? 'alert' : 'status'}
        data-ved-notice={notice.id}
      >
        <span className="ved-Notice-text">{notice.text}</span>
        {notice.actions.map((action) => (
          <button key={action} type="button" data-ved-action={action} onClick={() => this.onAction(action, notice)}>
            {labels[action]}
          </button>
        ))}
      </div>
    ));
  }
}
