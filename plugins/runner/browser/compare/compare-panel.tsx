/** Two runs side by side: inputs, results, time and memory, with links to the texts. */
import { ReactWidget } from '@jupyterlab/apputils';
import type { IDisposable } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import { createClient, type LiveEvents, PanelError, PanelLoading, PanelMessage, RelativeTime, useLoaded } from '@ved/core/browser';
import { comparisonWords, type Execution, isFinal, type RunComparison, runChanged, runnerRoutes } from '@ved/runner/contract';
import { useCallback, useEffect } from 'react';
import { comparisonRows, type Side } from './comparison-rows.ts';

const client = createClient(runnerRoutes);

export interface ComparePanelOptions {
  readonly a: number;
  readonly b: number;
  readonly live: LiveEvents;
  nameOf(scriptId: number): string;
  onOpenRun(runId: number): void;
  /** Null without the editor plugin. */
  readonly onOpenTexts: ((comparison: RunComparison, side: Side) => void) | null;
}

export function compareId(a: number, b: number): string {
  return `ved-compare-runs-${a}-${b}`;
}

export class ComparePanel extends ReactWidget {
  constructor(readonly options: ComparePanelOptions) {
    super();
    const { a, b } = options;
    this.id = compareId(a, b);
    this.addClass('ved-CompareRuns');
    this.title.label = `Compare: runs ${a} and ${b}`;
    this.title.caption = `Comparison of run ${a} and run ${b}`;
    this.title.closable = true;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', this.title.label);
    this.node.tabIndex = -1;
  }

  /** Reopening creates a new panel. */
  protected override onCloseRequest(message: Message): void {
    super.onCloseRequest(message);
    this.dispose();
  }

  protected override onActivateRequest(): void {
    this.node.focus();
  }

  protected override render(): JSX.Element {
    return <Comparison {...this.options} />;
  }
}

function Comparison(props: ComparePanelOptions): JSX.Element {
  const { a, b, live } = props;
  const load = useCallback((signal: AbortSignal) => client.compareRuns({ query: { a, b } }, { signal }), [a, b]);
  const loaded = useLoaded(load);
  const { reload } = loaded;
  useEffect(() => {
    // Either may still be running; they are compared once both have ended.
    const following: IDisposable = live.on(runChanged, ({ run }) => {
      if (run.id === a || run.id === b) reload();
    });
    return () => following.dispose();
  }, [a, b, live, reload]);
  if (loaded.state === 'loading') return <PanelLoading label="Comparing the runs" />;
  if (loaded.state === 'failed') return <PanelError what="The runs could not be compared." error={loaded.error} onRetry={reload} />;
  const unfinished = [loaded.value.a, loaded.value.b].find(({ status }) => !isFinal(status));
  if (unfinished) return <PanelMessage title={`Run ${unfinished.id} has not ended yet.`}>The comparison appears when it has.</PanelMessage>;
  return <ComparisonView {...props} comparison={loaded.value} />;
}

function ComparisonView({ comparison, ...props }: ComparePanelOptions & { comparison: RunComparison }): JSX.Element {
  const { onOpenTexts } = props;
  const { sameResult, text } = comparisonWords(comparison.differs);
  return (
    <>
      <p className={`ved-CompareRuns-verdict ved-mod-${sameResult ? 'same' : 'different'}`} role="status">
        <span aria-hidden="true">{sameResult ? '=' : '≠'}</span> {text}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="ved-CompareRuns-unseen">What</span>
            </th>
            <RunHead run={comparison.a} {...props} />
            <RunHead run={comparison.b} {...props} />
            <th scope="col">Compared</th>
          </tr>
        </thead>
        <tbody>
          {comparisonRows(comparison).map(({ what, a, b, differs, side }) => (
            <tr key={what} className={differs ? 'ved-mod-differs' : ''}>
              <th scope="row">{what}</th>
              <td>{a}</td>
              <td>{b}</td>
              <td>
                <span className="ved-CompareRuns-mark">{differs ? '≠ differs' : '= same'}</span>
                {side && differs && onOpenTexts && (
                  <button
                    type="button"
                    className="ved-RunHeader-button"
                    aria-label={`Show ${what} side by side`}
                    onClick={() => onOpenTexts(comparison, side)}
                  >
                    Side by side
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function RunHead({ run, nameOf, onOpenRun }: ComparePanelOptions & { run: Execution }): JSX.Element {
  return (
    <th scope="col">
      <button type="button" className="ved-CompareRuns-run" onClick={() => onOpenRun(run.id)} title="Show output">
        run {run.id}
      </button>
      <span className="ved-CompareRuns-script">{nameOf(run.script_id)}</span>
      <span className="ved-CompareRuns-who">
        {run.started_by}, <RelativeTime time={run.started_at} />
      </span>
    </th>
  );
}
