/** Test data too large for a text field: its beginning to look at; it is changed as a file. */

import type { TextBuffer } from '../documents/text-buffer.ts';
import { sizeName } from '../documents/words.ts';

/** Enough to see what it is. */
const PREVIEW_LENGTH = 64 * 1024;

export function LargeTestData({ buffer, readOnly }: { buffer: TextBuffer; readOnly: boolean }) {
  return (
    <>
      <p className="ved-TestData-note">
        {sizeName(buffer.length)}: the first {sizeName(PREVIEW_LENGTH)} are shown.
        {readOnly ? '' : ' To change it, download it, edit the file and load it again.'}
      </p>
      <textarea
        className="ved-TestData-text"
        aria-label="The beginning of the test data"
        readOnly
        value={buffer.text.slice(0, PREVIEW_LENGTH)}
      />
    </>
  );
}
