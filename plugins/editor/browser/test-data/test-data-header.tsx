/** Whose test data it is, its size, and what can be done with it as a whole. */

import { PanelAction, reasonOf, type Upload } from '@ved/core/browser';
import { sizeName } from '../documents/words.ts';
import type { OpenScript } from '../tabs/open-script.ts';
import { download } from './test-data-file.ts';

export function TestDataHeader({ script, upload }: { script: OpenScript; upload: Upload }) {
  const { testData } = script.document;
  const isEmpty = testData.buffer.length === 0;
  return (
    <header className="ved-TestData-header">
      <div className="ved-TestData-title">
        <h2>Test data</h2>
        <span>
          {script.title} · {isEmpty ? 'empty' : sizeName(testData.buffer.length)}
          {testData.dirty ? ' · not saved' : ''}
        </span>
      </div>
      <div className="ved-TestData-actions">
        {!script.readOnly && testData.dirty && (
          <PanelAction primary onClick={() => void save(script, upload)}>
            Save test data
          </PanelAction>
        )}
        {!script.readOnly && <PanelAction onClick={() => void upload.choose()}>Load a file…</PanelAction>}
        {!isEmpty && <PanelAction onClick={() => download(fileName(script), testData.buffer.text)}>Download</PanelAction>}
      </div>
    </header>
  );
}

function fileName({ scriptId }: OpenScript): string {
  return scriptId === null ? 'test-data.txt' : `test-data-${scriptId}.txt`;
}

/** Says in the panel why it was not saved. */
async function save({ document }: OpenScript, upload: Upload): Promise<void> {
  const outcome = await document.saveTestData();
  if (outcome.kind === 'failed') upload.refuse(`The test data was not saved. ${reasonOf(outcome.error)}`);
  else upload.dismiss();
}
