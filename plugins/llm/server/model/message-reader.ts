/**
 * Reads the messages of one answer in any dialect of the chat completions
 * protocol, streamed or whole, and decides at the end whether it is valid.
 * Unknown fields are ignored; signs that the answer was cut short never are.
 */

import { notTheProtocol, UpstreamSaid, UpstreamTrouble } from './upstream-trouble.ts';
import { isMembers, statusIn, wordsOf } from './upstream-words.ts';
import { type AnswerUsage, mergeUsage, readUsage } from './usage.ts';

/** The content of one message; most have only text. */
export interface AnswerChunk {
  readonly text: string;
  /** The last one received. */
  readonly model: string | null;
  /** As reported by the upstream, but `length` for all its synonyms; null when not reported. */
  readonly finishReason: string | null;
  /** Everything received so far. */
  readonly usage: AnswerUsage | null;
}

type Members = Readonly<Record<string, unknown>>;

/** OpenAI and most others; Mistral; Gemini; Anthropic and Cohere behind a router. */
const LENGTH_REASONS =
  /^(?:length|model_length|max_length|max_(?:output_|new_|completion_)?tokens|token_limit|context_length(?:_exceeded)?)$/i;
const FILTER_REASONS =
  /^(?:content_?filter(?:ed)?|refusal|safety|recitation|blocklist|prohibited_content|spii|sensitive|moderation|guardrail_intervened)$/i;
/** Including vLLM's `abort`, and DeepSeek's and Zhipu's own. */
const ERROR_REASONS =
  /^(?:error|failed|failure|abort(?:ed)?|cancel(?:l?ed)?|timeout|network_error|server_error|engine_error|insufficient_system_resource)$/i;

/** Longer names are ignored. */
const MODEL_ID_LENGTH = 200;
/** Shorter texts may be repeated on purpose. */
const REPETITION_LENGTH = 32;

export class MessageReader {
  private text = '';
  private thoughts = '';
  private refused = false;
  private tool: string | null = null;
  private finishReason: string | null = null;
  /** A finish reason was received, and no text after it. */
  private isFinished = false;
  private isKnown = false;
  private model: string | null = null;
  private usage: AnswerUsage | null = null;

  /** Whether the model has finished. */
  get finished(): boolean {
    return this.isFinished;
  }

  /** Whether anything of the protocol was received. */
  get known(): boolean {
    return this.isKnown;
  }

  /** Reads one message. `event` is its name, for those that have one. Throws UpstreamSaid for an error. */
  take(message: unknown, event?: string): AnswerChunk {
    const error = errorIn(message, event);
    if (error !== null) throw new UpstreamSaid(statusIn(error), wordsOf(error));
    if (isMembers(message) && !isChoices(message.choices)) throw notTheProtocol('');
    if (!isMembers(message)) return this.chunk('');
    this.usage = mergeUsage(this.usage, readUsage(message));
    const choice = choiceIn(message);
    if (choice !== null || this.usage !== null) this.isKnown = true;
    const text = choice === null ? '' : this.textOf(choice);
    const reason = choice === null ? null : finishReasonOf(choice);
    this.text += text;
    if (reason !== null) this.finishReason = reason;
    if (reason !== null || text !== '') this.isFinished = reason !== null;
    if (typeof message.model === 'string' && message.model.trim() !== '') this.model = message.model.trim().slice(0, MODEL_ID_LENGTH);
    return this.chunk(text, reason);
  }

  /**
   * The rest of a complete answer: its reasoning, when a server labels the whole
   * answer as reasoning. Throws UpstreamTrouble when it was cut short or is empty.
   */
  end(): AnswerChunk {
    const reason = this.finishReason;
    if (reason !== null && ERROR_REASONS.test(reason)) throw new UpstreamSaid(null, reason === 'error' ? '' : reason);
    if (reason !== null && FILTER_REASONS.test(reason) && !this.refused)
      throw new UpstreamTrouble('filtered', `The provider's content filter stopped the answer (${reason}). Rephrase the question.`);
    if (this.text.trim() !== '') return this.chunk('');
    if (this.thoughts.trim() !== '') return this.chunk(this.thoughts);
    throw emptyAnswer(reason, this.tool);
  }

  private chunk(text: string, finishReason: string | null = null): AnswerChunk {
    return { text, model: this.model, finishReason, usage: this.usage };
  }

  private textOf(choice: Members): string {
    const { delta, message } = choice;
    if (typeof delta === 'string') return delta;
    let text = typeof choice.text === 'string' ? choice.text : '';
    if (isMembers(delta)) text += this.unrepeated(this.said(delta), finishReasonOf(choice) !== null);
    // Perplexity repeats the whole text in each chunk; others repeat it at the end.
    if (text === '' && isMembers(message)) text = this.rest(this.said(message));
    return text;
  }

  private said(part: Members): string {
    this.thoughts += textIn(part.reasoning_content) || textIn(part.reasoning);
    if (Array.isArray(part.tool_calls) || isMembers(part.function_call)) this.tool ??= toolIn(part);
    const refusal = textIn(part.refusal);
    if (refusal !== '') this.refused = true;
    return this.contentOf(part.content) + refusal;
  }

  /** Text, or Mistral's and Anthropic's parts: text, reasoning, refusals. */
  private contentOf(content: unknown): string {
    if (!Array.isArray(content)) return textIn(content);
    let text = '';
    for (const part of content) {
      const kind = isMembers(part) && typeof part.type === 'string' ? part.type : 'text';
      if (/^(?:thinking|reasoning)/.test(kind)) this.thoughts += textIn(part);
      else if (/^(?:text|output_text|refusal)$/.test(kind)) {
        if (kind === 'refusal') this.refused = true;
        text += textIn(part);
      }
    }
    return text;
  }

  /** Removes a last chunk that repeats the whole answer. */
  private unrepeated(text: string, isLast: boolean): string {
    return isLast && text.length >= REPETITION_LENGTH && text === this.text ? '' : text;
  }

  /** What a whole answer adds to the text received so far. */
  private rest(whole: string): string {
    return whole.startsWith(this.text) ? whole.slice(this.text.length) : '';
  }
}

function emptyAnswer(reason: string | null, tool: string | null): UpstreamTrouble {
  if (tool !== null)
    return new UpstreamTrouble(
      'empty',
      `The language model gave no answer: it called the tool "${tool}", but it has no tools here. Ask again.`,
    );
  if (reason === 'length')
    return new UpstreamTrouble(
      'empty',
      'The language model reached its length limit before it wrote anything. Ask for less, or send less context.',
    );
  return new UpstreamTrouble('empty', 'The language model gave an empty answer. Ask again.');
}

function isChoices(choices: unknown): boolean {
  return (choices ?? null) === null || typeof choices === 'object';
}

/** The first choice, the only one requested; null when the message has none. */
function choiceIn({ choices }: Members): Members | null {
  if (isMembers(choices)) return choices;
  if (!Array.isArray(choices)) return null;
  const found = choices.find((choice) => isMembers(choice) && (choice.index ?? 0) === 0);
  return found ?? null;
}

/** Null while unfinished: also for SGLang's empty string, and Python's `None` as a string. */
function finishReasonOf(choice: Members): string | null {
  const reason = choice.finish_reason ?? choice.finishReason;
  const said = typeof reason === 'string' ? reason.trim() : '';
  if (said === '' || /^(?:null|none)$/i.test(said)) return null;
  return LENGTH_REASONS.test(said) ? 'length' : said.slice(0, 100);
}

/** The text of a string, of a part, or of nested parts. */
function textIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textIn).join('');
  if (!isMembers(value)) return '';
  return textIn(value.text ?? value.thinking ?? value.reasoning ?? value.refusal ?? value.value ?? value.content);
}

function toolIn(part: Members): string {
  const call = Array.isArray(part.tool_calls) ? part.tool_calls[0] : part;
  const called = isMembers(call) ? (call.function ?? call.function_call) : null;
  return isMembers(called) && typeof called.name === 'string' ? called.name : 'unnamed';
}

/** The error in a message, in any shape; null when there is none. */
function errorIn(message: unknown, event?: string): unknown {
  if (event === 'error') return message ?? '';
  // Gemini wraps the error in a list.
  if (Array.isArray(message)) return message.find((item) => errorIn(item) !== null) ?? null;
  if (!isMembers(message)) return null;
  const choice = choiceIn(message);
  if (isError(message.error, choice === null)) return message;
  if (choice !== null) return isError(choice.error, false) ? { ...choice, finish_reason: undefined } : null;
  const { object, type, status, success, detail, errors } = message;
  const says = object === 'error' || type === 'error' || status === 'error' || success === false;
  return says || typeof message.message === 'string' || (detail ?? errors ?? null) !== null ? message : null;
}

/** `{}` is an error when nothing else is in the message. */
function isError(error: unknown, alone: boolean): boolean {
  if (isMembers(error)) return alone || Object.keys(error).length > 0;
  if (Array.isArray(error)) return error.length > 0;
  return typeof error === 'string' ? error.trim() !== '' : error === true || typeof error === 'number';
}
