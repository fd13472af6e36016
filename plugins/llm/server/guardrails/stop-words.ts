/**
 * Refuses prompts that contain a stop-word. Matching looks at what a reader sees:
 * compatibility forms (NFKC) are folded and invisible characters are dropped,
 * in any case. A word matches as a word (plural and possessive too), between
 * digits, underscores and the humps of camelCase; the spaces, hyphens and
 * underscores inside a stop-word are interchangeable and may be missing.
 */
import type { GuardedRequest, Guardrail, Judgement } from './guardrail.ts';

/** Invisible characters: format controls, joiners, variation selectors, fillers. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** Scripts written without spaces: there a stop-word has no word boundary. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]$/u;

const SEPARATOR = /[\s_-]+/u;

function visible(text: string): string {
  return text.normalize('NFKC').replace(INVISIBLE, '');
}

/** `dbPassword` becomes `db Password`. */
function splitHumps(text: string): string {
  return text.replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** The pattern of one stop-word; a word of only separators would match everything, so the caller refuses it. */
function patternOf(parts: readonly string[]): RegExp {
  const first = [...parts[0]!][0]!;
  const last = [...parts.at(-1)!].at(-1)!;
  const before = UNSPACED.test(first) ? '' : '(?<!\\p{L})';
  const after = UNSPACED.test(last) ? '' : "(?:['’]?s)?(?!\\p{L})";
  return new RegExp(before + parts.map(escaped).join('[\\s_-]*') + after, 'iu');
}

export class StopWords implements Guardrail {
  readonly id = 'stop-words';
  private readonly patterns: readonly { readonly word: string; readonly pattern: RegExp }[];

  constructor(words: readonly string[]) {
    this.patterns = words.flatMap((word) => {
      const parts = visible(word)
        .split(SEPARATOR)
        .filter((part) => part !== '');
      return parts.length === 0 ? [] : [{ word, pattern: patternOf(parts) }];
    });
  }

  check(request: GuardedRequest): Judgement {
    const text = visible(request.prompt);
    const humpless = splitHumps(text);
    const found = this.patterns.filter(({ pattern }) => pattern.test(text) || pattern.test(humpless)).map(({ word }) => word);
    if (found.length === 0) return { guardrail: this.id, allowed: true, detail: 'No blocked words found.', found };
    const named = found.map((word) => `"${word}"`).join(', ');
    return {
      guardrail: this.id,
      allowed: false,
      detail: `The prompt contains the blocked word${found.length === 1 ? '' : 's'} ${named}.`,
      found,
    };
  }
}
