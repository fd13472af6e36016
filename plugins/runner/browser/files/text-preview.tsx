/** A file as text, or the beginning of it. */

/** UTF-16 units that a browser lays out without a noticeable pause. */
const SHOWN_UNITS = 256 * 1024;

export function TextPreview({ text, name, note }: { text: string; name: string; note?: string }): JSX.Element {
  const cut = text.length > SHOWN_UNITS;
  return (
    <>
      {note && <p className="ved-File-note">{note}</p>}
      {cut && <p className="ved-File-note">Only the beginning is shown. Download the file to see all of it.</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className="ved-FileText" aria-label={name} tabIndex={0}>
        <pre>{cut ? text.slice(0, SHOWN_UNITS) : text}</pre>
      </section>
    </>
  );
}
