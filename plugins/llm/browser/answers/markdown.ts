/**
 * Renders a model's Markdown as inert nodes. Raw HTML is shown as text, images
 * become links, and the parser's output passes the sanitizer's short allowlist.
 * Nothing is fetched, nothing runs.
 */
import createPurifier from 'dompurify';
import { Marked, type Token, type TokensList } from 'marked';

const TAGS = ['p', 'br', 'hr', 'h3', 'h4', 'h5', 'h6', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a'];
const TABLE_TAGS = ['table', 'thead', 'tbody', 'tr', 'th', 'td'];
const ATTRIBUTES = ['href', 'title', 'start', 'align', 'data-language'];
const SAFE_ADDRESS = /^(?:https?|mailto):/i;

/** The panel's own headings are the first two levels. */
const HEADING_OFFSET = 2;

const purifier = createPurifier(window);

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const marked = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => escaped(text),
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    image: ({ href, text }) => `<a href="${escaped(href)}">${escaped(text || href)}</a>`,
    code: ({ text, lang }) => `<pre data-language="${escaped(languageOf(lang))}"><code>${escaped(text)}</code></pre>`,
    heading({ tokens, depth }) {
      const level = Math.min(depth + HEADING_OFFSET, 6);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
  },
});

/** The first word after the fence, when it looks like a language. */
function languageOf(info: string | undefined): string {
  return /^[\w+#.-]{1,20}/.exec(info ?? '')?.[0] ?? '';
}

/** One paragraph, list, table or code block. While text is appended, all but the last stay unchanged. */
export interface Block {
  readonly key: string;
  readonly raw: string;
}

/** Splits an answer into blocks. An unclosed fence is a code block up to the end. Throws RangeError when it is nested too deeply. */
export function blocksOf(answer: string): Block[] {
  const tokens: TokensList = marked.lexer(answer);
  return tokens.filter((token: Token) => token.type !== 'space').map((token, index) => ({ key: `${index}`, raw: token.raw }));
}

/** The nodes of one block. */
export function renderBlock(raw: string): DocumentFragment {
  const html = marked.parse(raw, { async: false });
  const fragment = purifier.sanitize(html, {
    ALLOWED_TAGS: [...TAGS, ...TABLE_TAGS],
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: SAFE_ADDRESS,
    // The sanitizer checks every other attribute against its URL pattern.
    ADD_URI_SAFE_ATTR: ['start', 'align', 'data-language'],
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of fragment.querySelectorAll('a')) guardLink(link);
  for (const table of fragment.querySelectorAll('table')) makeScrollable(table);
  return fragment;
}

/** Opens in a new tab, sends no referrer, and shows its target. */
function guardLink(link: HTMLAnchorElement): void {
  if (!link.getAttribute('href')) {
    link.replaceWith(...link.childNodes);
    return;
  }
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow';
  link.title = link.href;
}

/** A wide table scrolls on its own, also by keyboard. */
function makeScrollable(table: HTMLTableElement): void {
  const frame = document.createElement('div');
  frame.className = 'ved-Answer-table';
  frame.tabIndex = 0;
  frame.setAttribute('role', 'group');
  frame.setAttribute('aria-label', 'Table');
  table.replaceWith(frame);
  frame.append(table);
}
