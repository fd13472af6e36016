/** The card shown on hovering or focusing a row: the whole docstring, the version, and when it was last modified. */
import { type ScriptSummary, versionName } from '@ved/catalog/contract';
import { exactTime } from '@ved/core/browser';
import { useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { otherWords, prodWords } from './prod-state.ts';

export const CARD_ID = 'ved-catalog-card';

/** Between the card and the edge of the window. */
const MARGIN_PX = 8;

/** `anchor` is the rectangle of the row, to the right of which the card is shown. */
export function ScriptCard({ script, anchor }: { script: ScriptSummary; anchor: DOMRect }): JSX.Element {
  const card = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(anchor.top);
  useLayoutEffect(() => {
    const height = card.current?.offsetHeight ?? 0;
    setTop(Math.max(MARGIN_PX, Math.min(anchor.top, window.innerHeight - height - MARGIN_PX)));
  }, [anchor.top]);
  return createPortal(
    <div ref={card} id={CARD_ID} className="ved-CatalogCard" role="tooltip" style={{ top, left: anchor.right + MARGIN_PX }}>
      <div className="ved-CatalogCard-title">
        {script.ordering_number.toFixed(2)} {script.descriptive_name}
      </div>
      <pre className="ved-CatalogCard-text">{script.description || 'No docstring. Its first line would be the name.'}</pre>
      <dl className="ved-CatalogCard-facts">
        <dt>Version</dt>
        <dd>
          {versionName(script)} by {script.committer}, {prodWords(script)}
        </dd>
        <dt>Prod</dt>
        <dd>{script.prod_version ? `runs ${versionName(script.prod_version)}` : 'does not run it'}</dd>
        {script.other_unmerged.length > 0 && (
          <>
            <dt>Others</dt>
            <dd>
              {script.other_unmerged.map((other) => (
                <div key={other.committer}>{otherWords(other, script)}</div>
              ))}
            </dd>
          </>
        )}
        <dt>Modified</dt>
        <dd>{exactTime(script.last_modified)}</dd>
        {script.last_run_at && (
          <>
            <dt>Last run</dt>
            <dd>
              {exactTime(script.last_run_at)}
              {script.last_run_exit_code === null ? '' : `, exit code ${script.last_run_exit_code}`}
            </dd>
          </>
        )}
      </dl>
    </div>,
    document.body,
  );
}
