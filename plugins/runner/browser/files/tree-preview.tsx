/** JSON as a collapsible tree; collapsed nodes are not drawn. */
import { useState } from 'react';
import { ExactNumber, membersOf, parseJson } from './json-value.ts';
import { TextPreview } from './text-preview.tsx';

/** Members shown of one object or list; more on demand. */
const MEMBERS_PER_PAGE = 100;
/** Nodes up to this depth, with at most this many members, are open at first. */
const OPEN_DEPTH = 2;
const OPEN_MEMBERS = 20;
const DRAWN_CHARACTERS = 1000;

export function TreePreview({ text, name }: { text: string; name: string }): JSX.Element {
  const parsed = tryParse(text);
  if ('problem' in parsed)
    return <TextPreview text={text} name={name} note={`Not valid JSON, so it is shown as text. ${parsed.problem}`} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section className="ved-FileTree" aria-label={name} tabIndex={0}>
      <TreeNode label={null} value={parsed.value} depth={0} />
    </section>
  );
}

function tryParse(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: parseJson(text) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

interface TreeNodeProps {
  readonly label: string | null;
  readonly value: unknown;
  readonly depth: number;
}

function TreeNode({ label, value, depth }: TreeNodeProps): JSX.Element {
  const members = membersOf(value);
  const [open, setOpen] = useState(depth === 0 || (depth <= OPEN_DEPTH && (members?.length ?? 0) <= OPEN_MEMBERS));
  const [shown, setShown] = useState(MEMBERS_PER_PAGE);
  const key = label !== null && <span className="ved-FileTree-key">{label}: </span>;
  if (members === null || members.length === 0)
    return (
      <div className="ved-FileTree-leaf">
        {key}
        <Leaf value={value} />
      </div>
    );
  return (
    <details className="ved-FileTree-node" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {key}
        <span className="ved-FileTree-extent">{Array.isArray(value) ? `[${members.length}]` : `{${members.length}}`}</span>
      </summary>
      {open && members.slice(0, shown).map(([name, member]) => <TreeNode key={name} label={name} value={member} depth={depth + 1} />)}
      {open && members.length > shown && (
        <button type="button" className="ved-RunHeader-button" onClick={() => setShown(shown + MEMBERS_PER_PAGE)}>
          Show more ({(members.length - shown).toLocaleString('en')} left)
        </button>
      )}
    </details>
  );
}

function Leaf({ value }: { value: unknown }): JSX.Element {
  if (value instanceof ExactNumber) return <span className="ved-FileTree-number">{value.source}</span>;
  const kind = value === null ? 'null' : typeof value;
  const text = JSON.stringify(value);
  return (
    <span className={`ved-FileTree-${kind}`}>
      {text.slice(0, DRAWN_CHARACTERS)}
      {text.length > DRAWN_CHARACTERS && ` … ${(text.length - DRAWN_CHARACTERS).toLocaleString('en')} more characters`}
    </span>
  );
}
