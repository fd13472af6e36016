/**
 * The Test Data panel: what the current script gets when it runs. Stored with the
 * script, saved with it or alone. Large data is shown in part and replaced as a
 * file, so that 16 MiB do not freeze the page. A file can be chosen, dropped or
 * pasted; the outcome is shown here, per script.
 */

import { ReactWidget } from '@jupyterlab/ui-components';
import { TEST_DATA_LIMIT_BYTES } from '@ved/catalog/contract';
import { PanelMessage, Upload, UploadCard, uploadHandlers } from '@ved/core/browser';
import { LineEnds, shownText, withLineEnds } from '@ved/core/text';
import type { TextBuffer } from '../documents/text-buffer.ts';
import { sizeName } from '../documents/words.ts';
import { testDataIcon } from '../icons.ts';
import type { OpenScript } from '../tabs/open-script.ts';
import type { ScriptTabs } from '../tabs/script-tabs.ts';
import { TestDataHeader } from './test-data-header.tsx';

/** A text area stays responsive up to about this size. */
const LARGE_LENGTH = 1024 * 1024;

export class TestDataPanel extends ReactWidget {
  private followed: OpenScript | null = null;
  private readonly uploads = new WeakMap<OpenScript, Upload>();

  constructor(private readonly tabs: ScriptTabs) {
    super();
    this.id = 'ved-test-data';
    this.addClass('ved-TestDataPanel');
    this.title.icon = testDataIcon;
    this.title.caption = 'Test data';
    tabs.currentChanged.connect(() => this.follow());
    this.follow();
  }

  private follow(): void {
    const { current } = this.tabs;
    if (this.followed === current) return;
    this.followed?.document.changed.disconnect(this.refresh, this);
    this.followed = current;
    current?.document.changed.connect(this.refresh, this);
    this.update();
  }

  private refresh(): void {
    this.update();
  }

  private uploadOf(script: OpenScript): Upload {
    const { buffer } = script.document.testData;
    const upload = this.uploads.get(script) ?? new Upload({ limitBytes: TEST_DATA_LIMIT_BYTES, take: (text) => buffer.replaceAll(text) });
    this.uploads.set(script, upload);
    return upload;
  }

  protected override render() {
    if (!this.followed) {
      return (
        <PanelMessage title="No script is open">
          Each script gets one argument: the path of a file with its test data. Open a script to see and change its test data.
        </PanelMessage>
      );
    }
    const script = this.followed;
    const { buffer } = script.document.testData;
    const upload = this.uploadOf(script);
    const why = script.readOnly ? `${script.title} is read-only here, and so is its test data.` : null;
    return (
      <div className="ved-TestData" {...uploadHandlers(upload, why)}>
        <TestDataHeader script={script} upload={upload} />
        <UploadCard upload={upload} />
        {buffer.length > LARGE_LENGTH ? (
          <LargeTestData buffer={buffer} readOnly={script.readOnly} />
        ) : (
          <textarea
            className="ved-TestData-text"
            aria-label={`Test data of ${script.title}`}
            spellCheck={false}
            readOnly={script.readOnly}
            placeholder={script.readOnly ? 'No test data' : 'Input for the script'}
            // A text area has one kind of line ending; the data keeps its own.
            value={shownText(buffer.text)}
            onChange={(event) => buffer.replaceAll(withLineEnds(event.target.value, new LineEnds(script.document.testData.savedText)))}
          />
        )}
      </div>
    );
  }
}

/** Enough to recognise it. */
const PREVIEW_LENGTH = 64 * 1024;

function LargeTestData({ buffer, readOnly }: { buffer: TextBuffer; readOnly: boolean }) {
  return (
    <>
      <p className="ved-TestData-note">
        {sizeName(buffer.length)}: the first {sizeName(PREVIEW_LENGTH)} are shown.
        {readOnly ? '' : ' To change it, download it, edit the file and upload it again.'}
      </p>
      <textarea
        className="ved-TestData-text"
        aria-label="Beginning of the test data"
        readOnly
        value={buffer.text.slice(0, PREVIEW_LENGTH)}
      />
    </>
  );
}
