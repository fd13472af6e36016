/**
 * Finds the error message in an upstream's response, in any format: text, HTML,
 * JSON as sent by OpenAI, OpenRouter, vLLM, FastAPI, Cloudflare or Gemini, or one
 * of these quoted as text inside another. Never throws.
 */

type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Errors can be nested, but not endlessly. */
const MOST_LEVELS = 6;
/** FastAPI lists every field that it refuses. */
const MOST_ITEMS = 5;

const MESSAGE_MEMBERS = ['message', 'msg', 'error_message', 'detail', 'details', 'error_description', 'errors', 'reason', 'title'];
const NAME_MEMBERS = ['type', 'error_type', 'code', 'status', 'finish_reason'];

/** The message in a value; empty when there is none. */
export function wordsOf(value: unknown, level = 0): string {
  if (level > MOST_LEVELS) return '';
  if (typeof value === 'string') return wordsOfText(value, level);
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return wordsOfItems(value, level);
  return isMembers(value) ? wordsOfMembers(value, level) : '';
}

function wordsOfText(text: string, level: number): string {
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed)) {
    const json = parseJson(trimmed);
    if (json !== undefined) return wordsOf(json, level + 1) || trimmed;
  }
  return isHtml(trimmed) ? wordsOfHtml(trimmed) : trimmed;
}

function wordsOfItems(items: readonly unknown[], level: number): string {
  const words = items.slice(0, MOST_ITEMS).map((item) => {
    const said = wordsOf(item, level + 1);
    return isMembers(item) && Array.isArray(item.loc) ? `${item.loc.join('.')}: ${said}` : said;
  });
  return words.filter((said) => said !== '').join('; ');
}

function wordsOfMembers(members: Members, level: number): string {
  const inner = typeof members.error === 'boolean' ? '' : wordsOf(members.error, level + 1);
  const own = firstWords(members, MESSAGE_MEMBERS, level);
  const behind = isMembers(members.metadata) ? wordsOfProvider(members.metadata, level) : '';
  const said = [own, inner, behind].filter(
    (words, index, all) => words !== '' && !all.slice(0, index).some((other) => other.includes(words)),
  );
  return said.join(': ') || firstWords(members, NAME_MEMBERS, level);
}

/** OpenRouter's metadata about the provider that it called. */
function wordsOfProvider(metadata: Members, level: number): string {
  const raw = wordsOf(metadata.raw, level + 1) || wordsOf(metadata.reasons, level + 1);
  if (raw === '') return '';
  return typeof metadata.provider_name === 'string' ? `${metadata.provider_name} said: ${raw}` : raw;
}

function firstWords(members: Members, names: readonly string[], level: number): string {
  for (const name of names) {
    const words = wordsOf(members[name], level + 1);
    if (words !== '') return words;
  }
  return '';
}

function isHtml(text: string): boolean {
  return /^\s*<(?:!doctype|html|head|body|\?xml|center|h1|title)\b/i.test(text);
}

/** A page's title, else its text. */
function wordsOfHtml(html: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(html)?.[1]?.trim();
  return (
    title ||
    html
      .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  );
}

/**
 * Parses JSON as servers write it: Python's `NaN` and `Infinity`, which JSON does
 * not have, become null. Undefined when it still is not JSON.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Match strings first, so that their content stays.
    const repaired = text.replace(/("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g, (_, string?: string) => string ?? 'null');
    if (repaired === text) return undefined;
    try {
      return JSON.parse(repaired);
    } catch {
      return undefined;
    }
  }
}

/** The HTTP status in an error's body; null when there is none. */
export function statusIn(value: unknown): number | null {
  if (Array.isArray(value)) return statusIn(value[0]);
  if (!isMembers(value)) return null;
  for (const name of ['code', 'status', 'status_code', 'statusCode', 'http_status', 'http_status_code', 'error_code']) {
    const status = Number(typeof value[name] === 'string' && /^\d{3}$/.test(value[name]) ? value[name] : (value[name] ?? Number.NaN));
    if (typeof value[name] !== 'object' && Number.isInteger(status) && status >= 400 && status <= 599) return status;
  }
  return isMembers(value.error) || Array.isArray(value.error) ? statusIn(value.error) : null;
}
