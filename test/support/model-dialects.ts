/**
 * The chat completions protocol as it is really spoken: replies of the model's
 * stand-in byte for byte, in the shapes that OpenRouter, vLLM, llama.cpp,
 * Ollama, Mistral, Azure, Perplexity, SGLang and others send them.
 */
import type { ServerResponse } from 'node:http';
import type { Reply } from './model-server.ts';

export interface WireOptions {
  readonly status?: number;
  /** Null for none. */
  readonly contentType?: string | null;
  readonly headers?: Record<string, string>;
  /** `whole` ends in good order, `cut` breaks the connection, `open` leaves it open. */
  readonly end?: 'whole' | 'cut' | 'open';
}

/** Sends these bytes, each part in a packet of its own. */
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

/** A message with a piece of the answer. */
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

/** A good answer, with whatever comes between its last piece and its end. */
export function wholeAnswer(...extra: readonly string[]): Reply {
  return wire([text('Half, '), text('and whole.'), delta({}, 'stop'), ...extra, DONE]);
}

/** Half an answer, and then this. */
export function halfThen(...rest: readonly string[]): Reply {
  return wire([text('Half, '), ...rest]);
}

/** JSON, in one piece. */
export function json(body: unknown, options: WireOptions = {}): Reply {
  return wire([JSON.stringify(body)], { contentType: 'application/json', ...options });
}

/** An answer that comes whole. */
export function completion(message: object, finishReason: unknown = 'stop', more: object = {}): object {
  return {
    id: 'gen-1',
    object: 'chat.completion',
    model: 'house/model',
    choices: [{ index: 0, message, finish_reason: finishReason }],
    ...more,
  };
}
