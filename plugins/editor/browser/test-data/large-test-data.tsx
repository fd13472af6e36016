/** Test data too large for a text field: shows the beginning; to change it, replace the file. */

import type { TextBuffer } from '../documents/text-buffer.ts';
import { sizeName } from '../documents/words.ts';

/** Enough to recognise it. */
const PREVIEW_LENGTH = 64 * 1024;

export function LargeTestData({ buffer, readOnly }: { buffer: TextBuffer; readOnly: boolean }) {
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
