/** What an import would do, file by file, for the user to confirm. */
import type { ImportedFile, ImportReport } from '@ved/catalog/contract';
import { safeName } from '@ved/core/browser';

/** A folder may contain thousands of files that are not scripts; this many are listed. */
const IGNORED_SHOWN = 50;

const WORDS: Record<ImportedFile['outcome'], string> = {
  new: 'New script',
  renumbered: 'New script, different number',
  'test-data': 'Test data',
  refused: 'Refused',
  ignored: 'Skipped',
};

/** `1 script`, `2 scripts` */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** A summary of the whole import. */
function summaryOf({ scripts, refused }: ImportReport): string {
  if (scripts === 0 && refused === 0) return 'None of these files is a .py file.';
  const created = `${counted(scripts, 'script')} will be created${scripts > 1 ? ', all or none' : ''}.`;
  if (refused === 0) return created;
  return `${created} ${counted(refused, 'file')} ${refused === 1 ? 'is' : 'are'} refused and will be skipped.`;
}

export function ImportPreview({ report }: { report: ImportReport }): JSX.Element {
  const refused = report.files.filter(({ outcome }) => outcome === 'refused');
  const taken = report.files.filter(({ outcome }) => outcome !== 'refused' && outcome !== 'ignored');
  const ignored = report.files.filter(({ outcome }) => outcome === 'ignored');
  const more = ignored.length - IGNORED_SHOWN;
  return (
    <div className="ved-ImportPreview">
      <p>{summaryOf(report)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area must be reachable by keyboard */}
      <section className="ved-ImportPreview-files" aria-label="Files" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Number</th>
              <th scope="col">Name</th>
              <th scope="col">What happens</th>
            </tr>
          </thead>
          <tbody>
            {[...refused, ...taken, ...ignored.slice(0, IGNORED_SHOWN)].map((file, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a path may occur twice, and rows never move
              <FileRow key={index} file={file} />
            ))}
          </tbody>
        </table>
        {more > 0 && <p>{counted(more, 'more file')} skipped.</p>}
      </section>
    </div>
  );
}

function FileRow({ file }: { file: ImportedFile }): JSX.Element {
  return (
    <tr className={`ved-mod-${file.outcome}`}>
      <td className="ved-ImportPreview-path">{safeName(file.path)}</td>
      <td>{file.ordering_number?.toFixed(2)}</td>
      <td>{file.descriptive_name}</td>
      <td>
        <strong>{WORDS[file.outcome]}</strong>
        {file.detail && <div>{file.detail}</div>}
      </td>
    </tr>
  );
}
