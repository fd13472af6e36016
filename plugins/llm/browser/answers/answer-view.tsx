/** A model's answer: Markdown, each code block with its own buttons. */
import { Notification } from '@jupyterlab/apputils';
import { memo, useLayoutEffect, useRef } from 'react';
import { type Block, blocksOf, renderBlock } from './markdown.ts';
import { safeText } from './safe-text.ts';

/** Longer answers are shown as plain text: rendering them would freeze the page. */
const MARKDOWN_LIMIT = 200_000;

export interface AnswerProps {
  readonly text: string;
  /** Inserts code into the script; absent when there is no editable script. */
  readonly onInsert?: (code: string) => void;
}

export function AnswerView({ text, onInsert }: AnswerProps): JSX.Element {
  const { thoughts, rest } = withoutThoughts(safeText(text));
  const blocks = layOut(rest);
  if (blocks === null) return <div className="ved-Answer ved-mod-plain">{rest}</div>;
  return (
    <div className="ved-Answer">
      {thoughts !== '' && (
        <details className="ved-Answer-thoughts">
          <summary>The model's reasoning</summary>
          <div>{thoughts}</div>
        </details>
      )}
      {blocks.map((block) => (
        <BlockView key={block.key} raw={block.raw} onInsert={onInsert} />
      ))}
    </div>
  );
}

/** Some models put their reasoning between marks before the answer; until the closing mark arrives, everything is reasoning. */
function withoutThoughts(text: string): { thoughts: string; rest: string } {
  const [all, thoughts] = /^\s*<think>([\s\S]*?)(?:<\/think>|$)/.exec(text) ?? ['', ''];
  return { thoughts: thoughts!.trim(), rest: text.slice(all.length) };
}

/** Null for text that is better shown plain: too long, or nested so deeply that the parser gives up. */
function layOut(text: string): Block[] | null {
  if (text.length > MARKDOWN_LIMIT) return null;
  try {
    return blocksOf(text);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Rerendered only when its own text changes, so that a button keeps the focus while the answer grows. */
const BlockView = memo(function BlockView({ raw, onInsert }: { raw: string; onInsert: AnswerProps['onInsert'] }) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const fragment = renderBlock(raw);
    for (const block of fragment.querySelectorAll('pre')) addButtons(block, onInsert);
    frame.current?.replaceChildren(fragment);
  }, [raw, onInsert]);
  return <div ref={frame} />;
});

/** Wraps a code block with a bar: its language, Copy and Insert. */
function addButtons(block: HTMLPreElement, onInsert: AnswerProps['onInsert']): void {
  const code = block.textContent ?? '';
  const language = block.dataset.language ?? '';
  const frame = document.createElement('div');
  frame.className = 'ved-Answer-code';
  const bar = document.createElement('div');
  bar.className = 'ved-Answer-bar';
  const name = document.createElement('span');
  name.textContent = language || 'text';
  bar.append(
    name,
    button('Copy', 'Copy this code', () => void copy(code)),
  );
  if (onInsert) bar.append(button('Insert', 'Insert this code at the cursor, or over the selection', () => onInsert(code)));
  block.tabIndex = 0;
  block.setAttribute('role', 'group');
  block.setAttribute('aria-label', language ? `Code, ${language}` : 'Code');
  block.replaceWith(frame);
  frame.append(bar, block);
}

function button(label: string, title: string, onClick: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'ved-Assistant-link';
  made.textContent = label;
  made.title = title;
  made.addEventListener('click', onClick);
  return made;
}

/** Shows a notification, because copying is invisible. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    Notification.success('Copied', { autoClose: 1500 });
  } catch {
    Notification.error('The browser blocked copying. Select the text and copy it with the keyboard.', { autoClose: 5000 });
  }
}
