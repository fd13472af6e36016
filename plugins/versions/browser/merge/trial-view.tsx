/** The trial in the merge review: runs prod's version and the candidate on the test data and shows their outputs side by side. */
import { statusWords } from '@ved/catalog/contract';
import { reasonOf } from '@ved/core/browser';
import { comparisonWords, type Execution, plainText } from '@ved/runner/contract';
import { useEffect, useRef, useState } from 'react';
import { type OutputExcerpt, outputsApart } from './outputs-apart.ts';
import { type TrialResult, type TrialSubject, tryBoth } from './trial.ts';

export interface TrialViewProps {
  readonly subject: TrialSubject;
  /** `v0.3`; null when the script is not on prod yet. */
  readonly prodVersion: string | null;
  /** What prod would run: `v0.4`, or `v0.4 merged with v0.5`. */
  readonly candidate: string;
  /** The title of its output. */
  readonly title: string;
  onStart(): void;
  /** Closes the dialog and shows the full comparison of two runs. */
  onCompare(a: number, b: number): void;
}

type Trial =
  | { readonly state: 'none' | 'running' }
  | { readonly state: 'done'; readonly result: TrialResult }
  | { readonly state: 'failed'; readonly error: unknown };

export function TrialView(props: TrialViewProps): JSX.Element {
  const { subject, prodVersion, candidate } = props;
  const [trial, setTrial] = useState<Trial>({ state: 'none' });
  const given = useRef<AbortController | null>(null);
  useEffect(() => () => given.current?.abort(), []);

  const start = () => {
    if (trial.state === 'running') return;
    const ended = new AbortController();
    given.current = ended;
    const settle = (next: Trial) => {
      if (!ended.signal.aborted) setTrial(next);
    };
    setTrial({ state: 'running' });
    props.onStart();
    tryBoth(subject, ended.signal).then(
      (result) => settle({ state: 'done', result }),
      (error: unknown) => settle({ state: 'failed', error }),
    );
  };

  return (
    <section className="ved-Trial" aria-label="Trial on the test data">
      <div className="ved-Trial-head">
        {/* Not `disabled`: that would take the keyboard away from the dialog, which then does not hear Escape. */}
        <button type="button" className="jp-mod-styled ved-Button" aria-disabled={trial.state === 'running'} onClick={start}>
          {prodVersion === null ? 'Run on test data' : 'Run both on test data'}
        </button>
        <span role="status">
          {trial.state === 'running' && (prodVersion === null ? `Running ${candidate} …` : `Running ${prodVersion} and ${candidate} …`)}
          {trial.state === 'failed' && `The trial failed. ${reasonOf(trial.error)}`}
          {trial.state === 'done' && <Verdict {...trial.result} />}
        </span>
        {trial.state === 'done' && trial.result.comparison && (
          <button
            type="button"
            className="ved-RunHeader-button"
            title="Closes this dialog without merging"
            onClick={() => props.onCompare(trial.result.comparison!.a.id, trial.result.comparison!.b.id)}
          >
            Compare in full
          </button>
        )}
      </div>
      {trial.state === 'done' && <Outputs {...trial.result} prodVersion={prodVersion} title={props.title} />}
    </section>
  );
}

function Verdict({ comparison }: TrialResult): JSX.Element | null {
  if (!comparison) return null;
  // The code always differs.
  const { sameResult, text } = comparisonWords(comparison.differs.filter((each) => each !== 'code'));
  return (
    <strong className={`ved-Trial-verdict ved-mod-${sameResult ? 'same' : 'different'}`}>
      <span aria-hidden="true">{sameResult ? '=' : '≠'}</span> {text}
    </strong>
  );
}

function Outputs({ prod, merged, prodVersion, title }: TrialResult & Pick<TrialViewProps, 'prodVersion' | 'title'>): JSX.Element {
  const [left, right] = outputsApart(prod ? written(prod) : written(merged), written(merged));
  return (
    <div className="ved-Trial-sides">
      {prod && <Output title={`prod ${prodVersion}`} run={prod} excerpt={left} />}
      <Output title={title} run={merged} excerpt={right} />
    </div>
  );
}

function Output({ title, run, excerpt }: { title: string; run: Execution; excerpt: OutputExcerpt }): JSX.Element {
  const { icon, word } = statusWords(run.status);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable areas must be reachable by keyboard
    <section className="ved-Trial-side" aria-label={`Output of ${title}`} tabIndex={0}>
      <h3>
        {title}
        <span>
          <span aria-hidden="true">{icon}</span> {word}
          {run.exit_code ? `, exit code ${run.exit_code}` : ''}
          {run.duration_ms === null ? '' : ` · ${(run.duration_ms / 1000).toFixed(2)} s`}
        </span>
      </h3>
      {excerpt.from > 1 && <p>{excerpt.from - 1} lines are the same</p>}
      {excerpt.lines.length === 0 && <p>no {excerpt.from > 1 ? 'more ' : ''}output</p>}
      {excerpt.lines.map(({ text, differs }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a finished output never move
        <div key={index} className={`ved-Patch-line${differs ? ' ved-mod-changed' : ''}`}>
          {text || ' '}
        </div>
      ))}
      {excerpt.more > 0 && <p>{excerpt.more.toLocaleString('en')} more lines</p>}
    </section>
  );
}

/** stdout, then stderr: a comparison ignores how they were interleaved. */
function written({ stdout, stderr }: Execution): string {
  const gap = stdout !== '' && stderr !== '' && !stdout.endsWith('\n') ? '\n' : '';
  return plainText(stdout + gap + stderr);
}
