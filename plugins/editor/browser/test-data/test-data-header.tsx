/** Whose test data it is, how large, and what can be done with it as a whole. */
import { Notification } from '@jupyterlab/apputils';
import { PanelAction, reasonOf } from '@ved/core/browser';
import { sizeName } from '../documents/script-names.ts';
import type { OpenScript } from '../tabs/open-script.ts';
import { download, pickFile } from './test-data-file.ts';

export function TestDataHeader({ script }: { script: OpenScript }) {
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
          <PanelAction primary onClick={() => void save(script)}>
            Save test data
          </PanelAction>
        )}
        {!script.readOnly && <PanelAction onClick={() => void replaceByFile(script)}>Load a file…</PanelAction>}
        {!isEmpty && <PanelAction onClick={() => download(fileName(script), testData.buffer.text)}>Download</PanelAction>}
      </div>
    </header>
  );
}

function fileName({ scriptId }: OpenScript): string {
  return scriptId === null ? 'test-data.txt' : `test-data-${scriptId}.txt`;
}

async function save({ document }: OpenScript): Promise<void> {
  const outcome = await document.saveTestData();
  if (outcome.kind === 'failed') Notification.error(`The test data was not saved. ${reasonOf(outcome.error)}`);
}

async function replaceByFile({ document }: OpenScript): Promise<void> {
  try {
    const text = await pickFile();
    if (text !== null) document.testData.buffer.replaceAll(text);
  } catch (error) {
    Notification.error(`The file was not loaded. ${reasonOf(error)}`);
  }
}
