/**
 * A stand-in for a language model: a real HTTP server on loopback that speaks the
 * chat completions protocol, streamed and whole, with usage and cost, and that
 * fails on request in every way an upstream can. It replaces the paid service,
 * which tests cannot use.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text as readText } from 'node:stream/consumers';

export interface AskedOfModel {
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly model: string;
    readonly stream?: boolean;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly [member: string]: unknown;
  };
  /** Resolves when the connection of this request is closed or its response is complete. */
  readonly closed: Promise<void>;
}

/** Writes one reply. */
export type Reply = (response: ServerResponse, asked: AskedOfModel) => Promise<void> | void;

export interface AnswerOptions {
  readonly costUsd?: number | null;
  readonly model?: string;
  /** Awaited before each chunk except the first, so that the test decides when it is sent. */
  readonly beforePiece?: (index: number) => Promise<unknown>;
  readonly finishReason?: string;
}

const HEADERS = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' };

function chunk(members: object): string {
  return `data: ${JSON.stringify({ id: 'gen-1', object: 'chat.completion.chunk', created: 1, ...members })}\n\n`;
}

function piece(model: string, content: string): string {
  return chunk({ model, choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }] });
}

function usageOf(pieces: readonly string[], costUsd: number | null) {
  const usage = { prompt_tokens: 12, completion_tokens: pieces.length, total_tokens: 12 + pieces.length };
  return costUsd === null ? usage : { ...usage, cost: costUsd };
}

/** A good answer, in chunks when streaming is requested, else whole. */
export function answer(pieces: string | readonly string[], options: AnswerOptions = {}): Reply {
  const all = typeof pieces === 'string' ? [pieces] : pieces;
  const { costUsd = 0.0021, model = 'stand-in/model-1', finishReason = 'stop' } = options;
  return async (response, asked) => {
    if (asked.body.stream !== true) {
      const message = { role: 'assistant', content: all.join('') };
      const choices = [{ index: 0, message, finish_reason: finishReason }];
      return sendJson(response, 200, { id: 'gen-1', object: 'chat.completion', model, choices, usage: usageOf(all, costUsd) });
    }
    response.writeHead(200, HEADERS);
    response.write(': PROCESSING\n\n');
    for (const [index, content] of all.entries()) {
      if (index > 0) await options.beforePiece?.(index);
      response.write(piece(model, content));
    }
    response.write(chunk({ model, choices: [{ index: 0, delta: { content: '' }, finish_reason: finishReason }] }));
    response.write(chunk({ model, choices: [], usage: usageOf(all, costUsd) }));
    response.end('data: [DONE]\n\n');
  };
}

/** Answers whole although streaming was requested. */
export function answerWhole(text: string, options: AnswerOptions = {}): Reply {
  return (response, asked) => answer(text, options)(response, { ...asked, body: { ...asked.body, stream: false } });
}

/** An error of the protocol. */
export function refuse(status: number, message: string, headers: Record<string, string> = {}): Reply {
  return (response) => sendJson(response, status, { error: { code: status, message } }, headers);
}

/** Sends some text and then nothing, leaving the connection open. Without text, not even headers. */
export function stall(text = ''): Reply {
  return (response) => {
    if (text === '') return;
    response.writeHead(200, HEADERS);
    response.write(piece('stand-in/model-1', text));
  };
}

/** Breaks the connection after some text. */
export function breakOff(text = ''): Reply {
  return async (response) => {
    if (text !== '') await flushed(response, text);
    response.socket?.destroy();
  };
}

/** Ends the response normally after some text, without signalling that the answer is complete. */
export function endEarly(text: string): Reply {
  return (response) => {
    response.writeHead(200, HEADERS);
    response.end(piece('stand-in/model-1', text));
  };
}

/** Sends some text and then something that is not the protocol. */
export function malformed(text: string, garbage: string): Reply {
  return (response) => {
    response.writeHead(200, HEADERS);
    response.end(`${piece('stand-in/model-1', text)}data: ${garbage}\n\n`);
  };
}

/** Sends some text and then an error in the stream, as a router does when its provider fails. */
export function errorInStream(text: string, message: string): Reply {
  return (response) => {
    response.writeHead(200, HEADERS);
    response.end(`${piece('stand-in/model-1', text)}${chunk({ error: { code: 502, message }, choices: [] })}`);
  };
}

/** Sends text forever. */
export function endless(text: string): Reply {
  return (response) => {
    response.writeHead(200, HEADERS);
    const line = piece('stand-in/model-1', text);
    const pour = () => {
      while (!response.destroyed && response.write(line));
    };
    response.on('drain', pour);
    pour();
  };
}

function flushed(response: ServerResponse, text: string): Promise<void> {
  response.writeHead(200, HEADERS);
  return new Promise((resolve) => response.write(piece('stand-in/model-1', text), () => resolve()));
}

function sendJson(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export interface ModelServer {
  /** The value for OPENROUTER_BASE_URL. */
  readonly baseUrl: string;
  /** All requests, in order. */
  readonly asked: readonly AskedOfModel[];
  /** The replies to the next questions, in order; a plain answer when none is left. */
  reply(...replies: Reply[]): void;
  /** Resolves with the next question that arrives. */
  nextAsked(): Promise<AskedOfModel>;
  /** Calls back when a connection is opened, before anything is read from it. */
  onConnection(callback: () => void): void;
  /** Connections opened so far. */
  readonly connections: number;
  stop(): Promise<void>;
}

export async function startModelServer(): Promise<ModelServer> {
  const asked: AskedOfModel[] = [];
  const replies: Reply[] = [];
  const waiting: ((question: AskedOfModel) => void)[] = [];
  const sockets = new Set<Socket>();
  const callbacks: (() => void)[] = [];
  let connections = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = new Promise<void>((resolve) => response.once('close', resolve));
    const body = await readText(request);
    if (request.method !== 'POST' || request.url !== '/api/v1/chat/completions')
      return sendJson(response, 404, { error: { message: `no ${request.url}` } });
    const question = { headers: request.headers, body: JSON.parse(body), closed };
    asked.push(question);
    for (const resolve of waiting.splice(0)) resolve(question);
    await (replies.shift() ?? answer('An answer.'))(response, question);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.on('connection', (socket) => {
    connections += 1;
    for (const callback of callbacks) callback();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/api/v1`,
    asked,
    reply: (...more) => void replies.push(...more),
    nextAsked: () => new Promise((resolve) => waiting.push(resolve)),
    onConnection: (callback) => void callbacks.push(callback),
    get connections() {
      return connections;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
