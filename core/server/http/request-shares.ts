/** Counts each person's open streams, request bodies and unread responses against the limits of `limits.ts`. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Context } from 'koa';
import type { Authenticated } from '../accounts/authentication.ts';
import { PersonShare, personLimits, serverLimits } from '../limits.ts';
import type { MadeBody } from '../router.ts';
import { type AnswerPart, inPieces, LongText, PIECE_LENGTH, whole } from './answer-pieces.ts';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

export class RequestShares {
  private readonly streams = new PersonShare(personLimits.eventStreams);
  private readonly bodies = new PersonShare(personLimits.bodyBytes, serverLimits.bodyBytes);
  private readonly answers = new PersonShare(personLimits.answerBytes);
  /** Responses of more than one piece, of all people; small ones must always be sent. */
  private readonly largeAnswers = new PersonShare(serverLimits.answerBytes);

  /** Counts a stream until its connection closes. Throws TooManyRequests. */
  openStream(ctx: Context): void {
    atEnd(ctx, this.streams.take(whoAsks(ctx)));
  }

  /** To be called with the size of each block of a body before it is stored; it counts until the request is answered. Throws TooManyRequests or Unavailable. */
  bodyOf(ctx: Context): BodyShare {
    const person = whoAsks(ctx);
    return {
      announce: (bytes) => {
        const objection = this.bodies.objection(person, bytes);
        if (objection) throw objection.refuse();
      },
      take: (bytes) => atEnd(ctx, this.bodies.take(person, bytes)),
    };
  }

  /**
   * Makes text or bytes the response; they count until the client has read them.
   * Throws TooManyRequests or Unavailable, unless the request changed something:
   * then it is always answered.
   */
  answer(ctx: Context, body: MadeBody | readonly AnswerPart[]): void {
    const parts: readonly AnswerPart[] = typeof body === 'string' || body instanceof Uint8Array ? [body] : body;
    const length = parts.reduce((sum, part) => sum + Buffer.byteLength(part instanceof LongText ? part.text : part), 0);
    if (ctx.method !== 'HEAD') this.holdAnswer(ctx, length);
    if (length <= PIECE_LENGTH) {
      ctx.body = parts.length === 1 && typeof parts[0] === 'string' ? parts[0] : whole(parts);
      return;
    }
    ctx.body = ctx.method === 'HEAD' ? '' : inPieces(parts);
    // The length of a text as JSON is known only when it is serialised.
    if (!parts.some((part) => part instanceof LongText)) ctx.length = length;
  }

  private holdAnswer(ctx: Context, bytes: number): void {
    const person = whoAsks(ctx);
    const isLarge = bytes > PIECE_LENGTH;
    const objection = this.answers.objection(person, bytes) ?? (isLarge ? this.largeAnswers.objection('', bytes) : null);
    if (objection && SAFE_METHODS.has(ctx.method)) throw objection.refuse();
    atEnd(ctx, this.answers.hold(person, bytes));
    if (isLarge) atEnd(ctx, this.largeAnswers.hold('', bytes));
  }
}

export interface BodyShare {
  /** Throws when this many bytes would be refused; counts nothing. */
  announce(bytes: number): void;
  take(bytes: number): void;
}

/** Released when a request is over. */
const held = new WeakMap<ServerResponse, Set<() => void>>();
/** Unfinished requests per connection: of pipelined ones, only the first is notified when the connection closes. */
const underWay = new WeakMap<Socket, Set<ServerResponse>>();

/** Calls back when the request is answered or its client has disconnected. */
function atEnd({ req, res }: Context, giveBack: () => void): void {
  const { socket } = req;
  const known = held.get(res);
  if (known) known.add(giveBack);
  else if (res.destroyed || socket.destroyed) giveBack();
  else {
    held.set(res, new Set([giveBack]));
    watchRequest(res, socket);
  }
}

function watchRequest(res: ServerResponse, socket: Socket): void {
  const requests = underWay.get(socket) ?? watchSocket(socket);
  requests.add(res);
  // Koa, stream pipes and parts of the server all listen for the end.
  res.setMaxListeners(20);
  res.once('close', () => {
    requests.delete(res);
    giveAllBack(res);
  });
}

function watchSocket(socket: Socket): Set<ServerResponse> {
  const requests = new Set<ServerResponse>();
  underWay.set(socket, requests);
  socket.once('close', () => {
    for (const res of requests) giveAllBack(res);
    requests.clear();
  });
  return requests;
}

function giveAllBack(res: ServerResponse): void {
  for (const giveBack of held.get(res) ?? []) giveBack();
  held.delete(res);
}

/** The key to count by: the person, or the address when nobody is signed in. */
function whoAsks(ctx: Context): string {
  const { account } = ctx.state as Authenticated;
  return account ? account.username : `address ${ctx.ip}`;
}
