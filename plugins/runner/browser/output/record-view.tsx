/** The What ran tab: everything on record about a run, with links to its code and its test data. */
import { Notification, ReactWidget } from '@jupyterlab/apputils';
import { exactTime } from '@ved/core/browser';
import type { RunListItem } from '@ved/runner/contract';
import type { RunInput } from './open-run-input.ts';
import { type RecordRow, recordRows } from './record-rows.ts';

export class RecordView extends ReactWidget {
  private run: RunListItem | null = null;

  constructor(private readonly onOpen: ((runId: number, what: RunInput) => void) | null) {
    super();
    this.addClass('ved-Record');
    this.node.setAttribute('role', 'tabpanel');
    this.node.setAttribute('aria-label', 'What ran');
    this.node.tabIndex = 0;
  }

  showRun(run: RunListItem): void {
    this.run = run;
    this.update();
  }

  protected override render(): JSX.Element | null {
    const run = this.run;
    if (!run) return null;
    const { onOpen } = this;
    return (
      <>
        {onOpen && (
          <div className="ved-Record-actions">
            <button type="button" className="ved-RunHeader-button" onClick={() => onOpen(run.id, 'code')}>
              Open the code
            </button>
            <button type="button" className="ved-RunHeader-button" onClick={() => onOpen(run.id, 'input')}>
              Open the test data
            </button>
          </div>
        )}
        <dl>
          {recordRows(run).map((row) => (
            <div key={row.what}>
              <dt>{row.what}</dt>
              <dd>
                <Value row={row} />
              </dd>
            </div>
          ))}
        </dl>
      </>
    );
  }
}

function Value({ row: { what, value, isHash, time } }: { row: RecordRow }): JSX.Element {
  if (time !== undefined)
    return (
      <time dateTime={time} title={time}>
        {exactTime(time)}
      </time>
    );
  if (!isHash) return <>{value}</>;
  return (
    <>
      <code>{value}</code>
      <button type="button" className="ved-RunHeader-button" aria-label={`Copy ${what}`} onClick={() => void copy(what, value)}>
        Copy
      </button>
    </>
  );
}

async function copy(what: string, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    Notification.success(`${what} copied.`, { autoClose: 2000 });
  } catch {
    Notification.error('The browser blocked copying. Select the text and press Ctrl+C.', { autoClose: 5000 });
  }
}
