/**
 * Reads an answer off the wire: server-sent chunks of the OpenAI protocol, or
 * the whole as JSON from a server that does not stream. Throws UpstreamTrouble
 * for what is not that; a stream that just ends is truncated, not complete.
 */
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import type { WireAnswer } from './connection.ts';
import { quote, UpstreamTrouble } from './upstream-trouble.ts';

/** What one message off the wire says; most say only text. */
export interface AnswerChunk {
  readonly text: string;
  readonly model: string | null;
  readonly finishReason: string | null;
  readonly usage: {
    readonly promptTokens: number | null;
    readonly completionTokens: number | null;
    readonly costUsd: number | null;
  } | null;
}

/** Many times the longest answer of any model today; ends an upstream that never stops. */
const ANSWER_LIMIT_BYTES = 16 * 1024 * 1024;

const Content = z.looseObject({ content: z.string().nullish() }).nullish();

const WireMessage = z.looseObject({
  model: z.string().nullish(),
  choices: z.array(z.looseObject({ delta: Content, message: Content, finish_reason: z.string().nullish() })).nullish(),
  usage: z
    .looseObject({ prompt_tokens: z.int().nullish(), completion_tokens: z.int().nullish(), cost: z.number().nonnegative().nullish() })
    .nullish(),
  error: z.looseObject({ message: z.string().optional(), code: z.unknown().optional() }).nullish(),
});

function parse(json: string): AnswerChunk {
  const message = WireMessage.safeParse(parseJson(json));
  if (!message.success) throw malformed();
  const { model, choices, usage, error } = message.data;
  if (error) throw new UpstreamTrouble('failing', `The language model broke off with an error; ask again.${quote(error.message)}`);
  const choice = choices?.[0];
  return {
    text: choice?.delta?.content ?? choice?.message?.content ?? '',
    model: model ?? null,
    finishReason: choice?.finish_reason ?? null,
    usage: usage
      ? {
          promptTokens: usage.prompt_tokens ?? null,
          completionTokens: usage.completion_tokens ?? null,
          costUsd: usage.cost ?? null,
        }
      : null,
  };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw malformed();
  }
}

function malformed(): UpstreamTrouble {
  return new UpstreamTrouble(
    'malformed',
    'The language model sent something that is not the chat completions protocol; check OPENROUTER_BASE_URL.',
  );
}

async function* decode(answer: WireAnswer): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let sizeBytes = 0;
  for await (const bytes of answer.body) {
    sizeBytes += bytes.length;
    if (sizeBytes > ANSWER_LIMIT_BYTES)
      throw new UpstreamTrouble('too-long', `The answer passed ${ANSWER_LIMIT_BYTES / 1024 / 1024} MiB and was cut off.`);
    yield decoder.decode(bytes, { stream: true });
  }
}

async function* readWhole(answer: WireAnswer): AsyncGenerator<AnswerChunk> {
  let json = '';
  for await (const text of decode(answer)) json += text;
  yield parse(json);
}

async function* readStream(answer: WireAnswer): AsyncGenerator<AnswerChunk> {
  const arrived: string[] = [];
  const parser = createParser({ onEvent: (event) => arrived.push(event.data) });
  let complete = false;
  function* drain(): Generator<AnswerChunk> {
    for (const data of arrived.splice(0)) {
      if (data === '[DONE]') complete = true;
      else {
        const chunk = parse(data);
        complete ||= chunk.finishReason !== null;
        yield chunk;
      }
    }
  }
  for await (const text of decode(answer)) {
    parser.feed(text);
    yield* drain();
  }
  parser.reset({ consume: true });
  yield* drain();
  if (!complete) throw new UpstreamTrouble('truncated', 'The language model stopped in the middle of its answer; ask again.');
}

export function readAnswer(answer: WireAnswer): AsyncGenerator<AnswerChunk> {
  return answer.contentType.includes('json') ? readWhole(answer) : readStream(answer);
}
