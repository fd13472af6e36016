/**
 * The chat completions protocol as servers actually speak it: byte-exact replies
 * in the formats of OpenRouter, vLLM, llama.cpp, Ollama, Mistral, Azure,
 * Perplexity, SGLang and others.
 */
import type { ServerResponse } from 'node:http';
import type { Reply } from './model-server.ts';

export interface WireOptions {
  readonly status?: number;
  /** Null for none. */
  readonly contentType?: string | null;
  readonly headers?: Record<string, string>;
  /** `whole` ends normally, `cut` breaks the connection, `open` leaves it open. */
  readonly end?: 'whole' | 'cut' | 'open';
}

/** Sends these bytes, each part in its own packet. */
export function wire(parts: readonly (string | Uint8Array)[], options: WireOptions = {}): Reply {
  const { status = 200, contentType = 'text/event-stream', headers = {}, end = 'whole' } = options;
  return async (response) => {
    response.writeHead(status, { ...(contentType === null ? {} : { 'Content-Type': contentType }), ...headers });
    response.flushHeaders();
    for (const part of parts) await written(response, part);
    if (end === 'whole') response.end();
    if (end === 'cut') response.socket?.destroy();
  };
}

function written(response: ServerResponse, part: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => response.write(part, () => setImmediate(resolve)));
}

export const DONE = 'data: [DONE]\n\n';

/** One message of a stream. */
export function data(message: unknown): string {
  return `data: ${JSON.stringify(message)}\n\n`;
}

/** A message with a chunk of the answer. */
export function delta(members: object | null, finishReason: unknown = null, more: object = {}): string {
  return data({
    id: 'gen-1',
    object: 'chat.completion.chunk',
    model: 'house/model',
    choices: [{ index: 0, delta: members, finish_reason: finishReason }],
    ...more,
  });
}

export function text(content: unknown): string {
  return delta({ content });
}

/** The usage that comes last. */
export function usage(members: unknown): string {
  return data({ id: 'gen-1', object: 'chat.completion.chunk', model: 'house/model', choices: [], usage: members });
}

/** A good answer, with `extra` between its last chunk and its end. */
export function wholeAnswer(...extra: readonly string[]): Reply {
  return wire([text('Half, '), text('and whole.'), delta({}, 'stop'), ...extra, DONE]);
}

/** Half an answer, followed by `rest`. */
export function halfThen(...rest: readonly string[]): Reply {
  return wire([text('Half, '), ...rest]);
}

/** JSON, in one piece. */
export function json(body: unknown, options: WireOptions = {}): Reply {
  return wire([JSON.stringify(body)], { contentType: 'application/json', ...options });
}

/** A complete answer in one message. */
export function completion(message: object, finishReason: unknown = 'stop', more: object = {}): object {
  return {
    id: 'gen-1',
    object: 'chat.completion',
    model: 'house/model',
    choices: [{ index: 0, message, finish_reason: finishReason }],
    ...more,
  };
}
