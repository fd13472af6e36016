/** Whose test data it is, its size, and what can be done with it as a whole. */

import { PanelAction, reasonOf, type Upload } from '@ved/core/browser';
import { sizeName } from '../documents/words.ts';
import type { OpenScript } from '../tabs/open-script.ts';

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

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
