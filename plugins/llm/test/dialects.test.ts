/** The protocol as servers actually speak it: what the person sees, what is recorded, and which cost is reported. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Agent } from '../../../test/support/agent.ts';
import {
  completion,
  DONE,
  data,
  delta,
  halfThen,
  json,
  text,
  usage,
  type WireOptions,
  wholeAnswer,
  wire,
} from '../../../test/support/model-dialects.ts';
import type { Reply } from '../../../test/support/model-server.ts';
import { type AssistantServer, KEY, startAssistant } from './assistant-server.ts';

const WHOLE = 'Half, and whole.';
const HALF = 'Half, ';
const TOKENS = { prompt_tokens: 12, completion_tokens: 3 };
const LONG = 'A sentence that nobody says twice by accident. ';

type Case = readonly [what: string, reply: Reply];

describe('a dialect of the chat completions protocol', () => {
  let running: AssistantServer;
  let editor: Agent;

  before(async () => {
    running = await startAssistant();
    editor = await running.server.signIn('ed1', '1editor');
  });
  after(() => running.stop());

  interface Heard {
    readonly text: string;
    /** The last event, or the refusal of the request. */
    readonly end: { readonly event: string; readonly data: Record<string, unknown> };
    readonly interaction: Record<string, unknown>;
  }

  async function ask(reply: Reply): Promise<Heard> {
    running.model.reply(reply);
    const response = await editor.post('/api/llm/stream', { prompt: 'Hello' });
    let heard = '';
    let end: Heard['end'] = { event: 'error', data: response.body };
    if (response.status === 200)
      for (const [, event, json] of response.body.matchAll(/^event: (.*)\ndata: (.*)$/gm)) {
        end = { event, data: JSON.parse(json) };
        if (event === 'delta') heard += end.data.text;
      }
    const [interaction] = (await editor.get('/api/llm/interactions')).body;
    return { text: heard, end, interaction };
  }

  /** The answer is complete, and is recorded as completed. */
  function completes(what: string, reply: Reply, expected: string = WHOLE, more: object = {}): void {
    it(`gets a complete answer ${what}`, async () => {
      const heard = await ask(reply);
      expect(heard.end.event, JSON.stringify(heard.end.data)).to.equal('done');
      expect(heard.text).to.equal(expected);
      expect(heard.interaction).to.include({ status: 'completed', response_text: expected, ...more });
    });
  }

  /** The text received so far is shown and stored, with the upstream's message; it is never recorded as completed. */
  function fails(what: string, reply: Reply, reason: string, words: RegExp, partial: string = HALF): void {
    it(`gets an error ${what}`, async () => {
      const { text: heard, end, interaction } = await ask(reply);
      expect(heard).to.equal(partial);
      expect(end.event).to.equal('error');
      expect(end.data).to.include({ code: 'llm/upstream', reason });
      expect(end.data.detail).to.match(words);
      expect(interaction).to.include({ status: 'failed', cost_usd: null });
      expect(interaction.response_text).to.equal(`${partial}${partial === '' ? '' : '\n\n'}[FAILED] ${end.data.detail}`);
    });
  }

  describe('in the usage', () => {
    const costs: [what: string, usage: unknown, costUsd: number | null][] = [
      ['an object with the total', { ...TOKENS, cost: { total_cost: 0.0625, input_tokens_cost: 0.01 } }, 0.0625],
      ['an object without it', { ...TOKENS, cost: { input_tokens_cost: 0.01 } }, null],
      ['a number as text', { ...TOKENS, cost: '0.0625' }, 0.0625],
      ['small as text', { ...TOKENS, cost: '6.25e-2' }, 0.0625],
      ['empty text', { ...TOKENS, cost: '' }, null],
      ['words', { ...TOKENS, cost: 'free' }, null],
      ['null', { ...TOKENS, cost: null }, null],
      ['true', { ...TOKENS, cost: true }, null],
      ['a list', { ...TOKENS, cost: [] }, null],
      ['negative', { ...TOKENS, cost: -1 }, null],
      ['zero', { ...TOKENS, cost: 0 }, 0],
      ['an estimate', { ...TOKENS, estimated_cost: 0.0625 }, 0.0625],
      ['only in its details', { ...TOKENS, cost_details: { upstream_inference_cost: 0.0625 } }, 0.0625],
      [
        "a fee in addition to the provider's charge",
        { ...TOKENS, cost: 0.5, is_byok: true, cost_details: { upstream_inference_cost: 0.25 } },
        0.75,
      ],
      ["no fee, only the provider's charge", { ...TOKENS, cost: 0, cost_details: { upstream_inference_cost: 0.25 } }, 0.25],
      ['itemised', { ...TOKENS, cost: 0.5, is_byok: false, cost_details: { upstream_inference_cost: 0.25 } }, 0.5],
    ];
    for (const [what, said, costUsd] of costs)
      completes(`with a cost that is ${what}`, wholeAnswer(usage(said)), WHOLE, { cost_usd: costUsd, ...TOKENS });

    const tokens: [what: string, usage: unknown, prompt: number | null, completion: number | null][] = [
      ['missing', {}, null, null],
      ['null', { prompt_tokens: null, completion_tokens: null }, null, null],
      ['text', { prompt_tokens: '12', completion_tokens: '3' }, 12, 3],
      ['negative', { prompt_tokens: -1, completion_tokens: 3 }, null, 3],
      ['fractions', { prompt_tokens: 12.0, completion_tokens: 2.5 }, 12, 3],
      ['objects', { prompt_tokens: {}, completion_tokens: [] }, null, null],
      ['called input and output', { input_tokens: 12, output_tokens: 3 }, 12, 3],
      ['too many to count', { prompt_tokens: 1e300, completion_tokens: 3 }, null, 3],
    ];
    for (const [what, said, prompt_tokens, completion_tokens] of tokens)
      completes(`with tokens that are ${what}`, wholeAnswer(usage(said)), WHOLE, { prompt_tokens, completion_tokens, cost_usd: null });

    const places: Case[] = [
      ['no usage', wholeAnswer()],
      ['a usage of null', wholeAnswer(usage(null))],
      ['a usage that is text', wholeAnswer(usage('12 tokens'))],
      ['a usage that is a list', wholeAnswer(usage([]))],
      ['a broken usage after the text', wholeAnswer('data: {"choices":[],"usage":{"prompt_tokens":\n\n')],
    ];
    for (const [what, reply] of places) completes(`with ${what}`, reply, WHOLE, { cost_usd: null, prompt_tokens: null });
    const known = { cost_usd: 0.0625, ...TOKENS };
    const full = { ...TOKENS, cost: 0.0625 };
    completes('with a usage without choices', wholeAnswer(data({ usage: full })), WHOLE, known);
    completes('with a usage in the last chunk', wire([text(WHOLE), delta({}, 'stop', { usage: full }), DONE]), WHOLE, known);
    completes("with Groq's usage", wholeAnswer(data({ choices: [], x_groq: { usage: full } })), WHOLE, known);
    completes(
      "with Moonshot's usage",
      wire([text(WHOLE), data({ choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage: full }] }), DONE]),
      WHOLE,
      known,
    );
    completes(
      'with a usage that a later chunk resets to null',
      wholeAnswer(usage(full), usage({ prompt_tokens: null, cost: null })),
      WHOLE,
      known,
    );
    completes(
      "with Python's NaN",
      wholeAnswer('data: {"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":3,"cost":NaN}}\n\n'),
      WHOLE,
      {
        ...TOKENS,
        cost_usd: null,
      },
    );
    completes(
      'with NaN inside the text and next to it',
      wire(['data: {"choices":[{"delta":{"content":"NaN is NaN"},"logprob":-Infinity}]}\n\n', DONE]),
      'NaN is NaN',
    );
  });

  describe('at the end', () => {
    for (const reason of ['stop', 'eos', 'eos_token', 'stop_sequence', 'end_turn', 'STOP', 'COMPLETE', 'tool_calls', 'function_call'])
      completes(`with the reason ${reason}`, wire([text(WHOLE), delta({}, reason), DONE]));
    completes('without a reason', wire([text(WHOLE), delta({}, null), DONE]));
    completes('with an empty reason in every chunk', wire([delta({ content: HALF }, ''), delta({ content: 'and whole.' }, ''), DONE]));
    completes('with the reason in camelCase', wire([data({ choices: [{ delta: { content: WHOLE }, finishReason: 'stop' }] })]));
    completes('without [DONE]', wire([text(WHOLE), delta({}, 'stop')]));
    completes('without the last empty line', wire([text(WHOLE), 'data: [DONE]']));
    completes('with the connection left open', wire([text(WHOLE), DONE], { end: 'open' }));
    completes('with the connection broken after the last text', wire([text(WHOLE), delta({}, 'stop')], { end: 'cut' }), WHOLE, {
      cost_usd: null,
    });
    completes('with more text after [DONE]', wire([text(WHOLE), DONE, text('and more'), data({ error: 'late' })]));

    for (const reason of ['length', 'max_tokens', 'MAX_TOKENS', 'model_length', 'max_output_tokens'])
      it(`gets a truncated answer with the reason ${reason}`, async () => {
        const { text: heard, end, interaction } = await ask(wire([text(HALF), delta({}, reason), usage({ ...TOKENS, cost: 0.5 }), DONE]));
        expect([heard, end.event, end.data.finish_reason]).to.deep.equal([HALF, 'done', 'length']);
        expect(interaction).to.include({ status: 'cut', response_text: HALF, cost_usd: 0.5 });
      });

    fails('without any end', halfThen(), 'truncated', /stopped in the middle/);
    fails('without any end except the usage', halfThen(usage(TOKENS)), 'truncated', /stopped in the middle/);
    fails('with text after the reason', wire([delta({ content: 'Ha' }, 'stop'), text('lf, ')]), 'truncated', /stopped/);
    fails('with the connection broken', wire([text(HALF)], { end: 'cut' }), 'truncated', /broke in the middle/);
    for (const reason of ['error', 'abort', 'insufficient_system_resource', 'network_error'])
      fails(`with the reason ${reason}`, halfThen(delta({}, reason), DONE), 'failing', /stopped with an error/);
    for (const reason of ['content_filter', 'SAFETY', 'sensitive'])
      fails(`with the reason ${reason}`, halfThen(delta({}, reason), DONE), 'filtered', /content filter/);
    fails('with no text at all', wire([delta({ role: 'assistant' }), delta({}, 'stop'), DONE]), 'empty', /empty answer/, '');
    fails('with only [DONE]', wire([DONE]), 'malformed', /not the chat completions protocol/, '');
    fails('with only whitespace', wire([text(' \n'), DONE]), 'empty', /empty answer/, ' \n');
    fails('at its length limit before any text', wire([delta({}, 'length'), DONE]), 'empty', /length limit before it wrote/, '');
    fails(
      'with a call of a tool that was not offered',
      wire([
        delta({ content: null, tool_calls: [{ index: 0, function: { name: 'search', arguments: '{}' } }] }),
        delta({}, 'tool_calls'),
        DONE,
      ]),
      'empty',
      /tool "search"/,
      '',
    );
  });

  describe('with text in unusual places', () => {
    completes(
      "with Azure's first chunk without choices",
      wire([data({ choices: [], prompt_filter_results: [{}] }), text(WHOLE), delta({}, 'stop'), DONE]),
    );
    completes('with a delta of null', wire([delta(null), text(WHOLE), delta(null, 'stop'), DONE]));
    completes('with a message of null', wire(['data: null\n\n', text(WHOLE), 'data: {}\n\n', data({ type: 'ping' }), DONE]));
    completes('with content of null', wire([text(null), text(WHOLE), DONE]));
    completes('with content in parts', wire([text([{ type: 'text', text: HALF }]), text([{ type: 'text', text: 'and whole.' }]), DONE]));
    completes(
      'with reasoning among its parts',
      wire([text([{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }]), text([{ type: 'text', text: WHOLE }]), DONE]),
    );
    for (const member of ['reasoning', 'reasoning_content'])
      completes(`with ${member} before it`, wire([delta({ content: '', [member]: 'Hm' }), text(WHOLE), delta({}, 'stop'), DONE]));
    completes(
      'that is labelled entirely as reasoning',
      wire([delta({ content: null, reasoning_content: WHOLE }), delta({}, 'stop'), DONE]),
    );
    completes(
      'with reasoning marked in the text, unchanged',
      wire([text('<think>Hm</think>'), text(WHOLE), DONE]),
      `<think>Hm</think>${WHOLE}`,
    );
    completes(
      'that is a refusal in chunks',
      wire([delta({ content: null, refusal: HALF }), delta({ content: null, refusal: 'and whole.' }), delta({}, 'stop'), DONE]),
    );
    completes(
      'that is a refusal by the content filter',
      wire([delta({ content: null, refusal: WHOLE }), delta({}, 'content_filter'), DONE]),
    );
    completes('that is a refusal in a part', wire([text([{ type: 'refusal', refusal: WHOLE }]), DONE]));
    completes('in the older completions format', wire([data({ choices: [{ text: WHOLE, index: 0 }] }), DONE]));
    completes(
      'with choices that were not requested',
      wire([text(HALF), data({ choices: [{ index: 1, delta: { content: 'other' } }] }), text('and whole.'), DONE]),
    );
    completes(
      'that is repeated at the end',
      wire([text(LONG), data({ choices: [{ delta: { content: LONG }, finish_reason: 'stop' }] }), DONE]),
      LONG,
    );
    completes('that repeats a short word', wire([text('ha'), delta({ content: 'ha' }, 'stop'), DONE]), 'haha');
    completes(
      'that repeats the whole text in each chunk',
      wire([
        data({ choices: [{ delta: { content: HALF }, message: { content: HALF } }] }),
        data({ choices: [{ delta: { content: 'and whole.' }, message: { content: WHOLE } }] }),
        data({ choices: [{ delta: {}, message: { content: WHOLE }, finish_reason: 'stop' }] }),
      ]),
    );
    completes(
      'with a character split between chunks',
      wire(['data: {"choices":[{"delta":{"content":"a\\ud83d"}}]}\n\n', 'data: {"choices":[{"delta":{"content":"\\ude00b"}}]}\n\n', DONE]),
      'a😀b',
    );
    completes('in one very long line', wire([text('x'.repeat(1_500_000)), DONE]), 'x'.repeat(1_500_000));
    for (const model of [null, '', 7, { id: 'x' }])
      completes(
        `under the model name ${JSON.stringify(model)}`,
        wire([data({ model, choices: [{ delta: { content: WHOLE } }] }), DONE]),
        WHOLE,
        {
          model_id: 'openrouter/auto',
        },
      );
    completes(
      'under a different model name',
      wire([data({ model: 'other', choices: [{ delta: { content: WHOLE } }] }), data({ model: null, choices: [] }), DONE]),
      WHOLE,
      {
        model_id: 'other',
      },
    );
  });

  describe('in its framing', () => {
    const good = [text(HALF), text('and whole.'), delta({}, 'stop'), DONE];
    const stream = good.join('');
    completes('with empty data lines', wire(['data:\n\n', 'data: \n\n', text(HALF), 'data:\n\n', text('and whole.'), DONE]));
    completes('with comments', wire([': OPENROUTER PROCESSING\n\n', ':\n\n', ...good]));
    completes(
      'with keep-alive messages',
      wire(['data: ping\n\n', 'event: ping\ndata: {}\n\n', text(HALF), 'data: keep-alive\n\n', text('and whole.'), DONE]),
    );
    completes('with CRLF', wire([stream.replaceAll('\n', '\r\n')]));
    completes('with CR only', wire([stream.replaceAll('\n', '\r')]));
    completes('without a space after data', wire([stream.replaceAll('data: ', 'data:')]));
    completes('with ids and events', wire(good.map((message, index) => `id: ${index}\nevent: message\nretry: 1000\n${message}`)));
    completes(
      'with a message on several lines',
      wire([`data: {"choices":[{"delta":\ndata: {"content":${JSON.stringify(WHOLE)}}}]}\n\n`, DONE]),
    );
    completes('without the empty line between two events', wire([stream.replaceAll('\n\n', '\n'), '\n']));
    completes('with a byte order mark', wire([`\ufeff${stream}`]));
    completes(
      'sent byte by byte',
      wire([...Buffer.from(`data: {"choices":[{"delta":{"content":"é😀"}}]}\n\n${DONE}`)].map((byte) => Uint8Array.of(byte))),
      'é😀',
    );
    for (const contentType of ['text/plain', 'application/json', 'application/octet-stream', null])
      completes(`as ${contentType ?? 'no type'}`, wire(good, { contentType }));
    for (const [encoding, pack] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ] as const)
      completes(`compressed with ${encoding}`, wire([pack(stream)], { headers: { 'Content-Encoding': encoding } }));
    fails(
      'compressed with gzip and cut off',
      wire([gzipSync(text(HALF)).subarray(0, -8)], { headers: { 'Content-Encoding': 'gzip' } }),
      'truncated',
      /stopped/,
    );
    fails(
      'declared as compressed when it is not',
      wire(good, { headers: { 'Content-Encoding': 'gzip' } }),
      'malformed',
      /decompressed/,
      '',
    );

    completes(
      'sent whole',
      json(completion({ role: 'assistant', content: WHOLE }, 'stop', { usage: { ...TOKENS, cost: 0.0625 } })),
      WHOLE,
      {
        cost_usd: 0.0625,
      },
    );
    completes('sent whole, without a reason', json(completion({ role: 'assistant', content: WHOLE }, null)));
    completes('sent whole, in parts', json(completion({ content: [{ type: 'text', text: WHOLE }] })));
    completes('sent whole, as a refusal', json(completion({ content: null, refusal: WHOLE })));
    completes('sent whole, as an event', wire([data(completion({ content: WHOLE })), DONE]));
    completes(
      'as lines of JSON',
      wire([stream.replaceAll('data: ', '').replaceAll('\n\n', '\n')], { contentType: 'application/x-ndjson' }),
    );
    it('gets a truncated answer sent whole', async () => {
      expect((await ask(json(completion({ content: HALF }, 'length')))).interaction).to.include({ status: 'cut', response_text: HALF });
    });
    fails(
      'sent whole and cut off',
      wire(['{"choices":[{"message":{"content":"Half, ']),
      'malformed',
      /not the chat completions protocol/,
      '',
    );
    fails('that is one chunk sent as whole', json({ choices: [{ delta: { content: HALF } }] }), 'truncated', /stopped/);
    fails('with nothing', wire([]), 'empty', /without an answer/, '');
    fails('with 204', wire([], { status: 204 }), 'empty', /without an answer/, '');
    fails(
      'that is an HTML page',
      wire(['<!doctype html><title>Sign in</title>'], { contentType: 'text/html' }),
      'malformed',
      /"Sign in"/,
      '',
    );
    fails('that is plain text', wire(['upstream connect error or disconnect']), 'malformed', /upstream connect error/, '');
    fails('with other JSON', json({ status: 'ok' }), 'malformed', /OPENROUTER_BASE_URL/, '');
    fails('with garbage in the middle', halfThen('data: {"choices": [{]\n\n', text('whole'), DONE), 'malformed', /not the chat/);
    fails('with plain text in the middle', halfThen('data: Internal Server Error\n\n', DONE), 'malformed', /Internal Server Error/);
  });

  describe('with an error in the middle of an answer', () => {
    const said = 'the card of the server is full';
    const shapes: [what: string, message: string][] = [
      ['object error', data({ object: 'error', message: said, type: 'InternalServerError', code: null })],
      ['error as text', data({ error: said })],
      ['error with a message', data({ error: { message: said, type: 'server_error' } })],
      ['error next to a choice', delta({ content: '' }, 'error', { error: { code: 'server_error', message: said } })],
      ['error in a choice', data({ choices: [{ delta: {}, error: { message: said }, finish_reason: 'error' }] })],
      ['error in an error', data({ error: { error: { message: said } } })],
      ['error and message', data({ error: true, message: said })],
      ['error in a list', data([{ error: { message: said, status: 'INTERNAL' } }])],
      ['error of a kind', data({ error: said, error_type: 'generation' })],
      ['errors', data({ success: false, errors: [{ message: said }] })],
      ['detail', data({ detail: said })],
      ['details', data({ detail: [{ loc: ['body', 'messages'], msg: said }] })],
      ['message', data({ message: said })],
      ['type error', data({ type: 'error', error: { type: 'overloaded_error', message: said } })],
      ['event error', `event: error\n${data({ message: said })}`],
      ['event error with text', `event: error\ndata: ${said}\n\n`],
      ['field error', `error: ${JSON.stringify({ message: said, type: 'server_error' })}\n\n`],
      ['raw text', data({ error: { message: 'Provider returned error', metadata: { raw: said, provider_name: 'House' } } })],
      [
        'raw JSON',
        data({ error: { message: 'Provider returned error', metadata: { raw: JSON.stringify({ error: { message: said } }) } } }),
      ],
    ];
    for (const [what, message] of shapes) {
      fails(`as ${what}`, halfThen(message, DONE), 'failing', new RegExp(said));
      fails(`as ${what}, without [DONE]`, halfThen(message), 'failing', new RegExp(said));
    }
    fails('before the first text', wire([data({ error: { message: said } }), DONE]), 'failing', new RegExp(said), '');
    fails('with status 429', halfThen(data({ error: { code: 429, message: said } })), 'rate-limited', new RegExp(said));
    fails('with status 400 as text', halfThen(data({ object: 'error', code: '400', message: said })), 'refused', new RegExp(said));
    fails('without a message', halfThen(data({ error: {} })), 'failing', /stopped with an error\. Ask again\.$/);
    for (const error of [null, false, '', []])
      completes(
        `with an error of ${JSON.stringify(error)}`,
        wire([delta({ content: WHOLE }, null, { error }), delta({}, 'stop', { error }), DONE]),
      );
    it('does not reveal the key', async () => {
      const { end, interaction } = await ask(
        halfThen(data({ error: { message: `Bearer ${KEY} or ${KEY.slice(0, 14)} or ${encodeURIComponent(KEY)}` } })),
      );
      expect(JSON.stringify([end, interaction])).not.to.contain(KEY.slice(6, 14));
    });
    it('redacts the key in an answer that echoes it', async () => {
      const { text: heard, interaction } = await ask(wire([text(`You sent ${KEY}.`), DONE]));
      expect(heard).to.equal('You sent ….');
      expect(interaction.response_text).to.equal('You sent ….');
    });
  });

  describe('in a refusal', () => {
    const said = 'maximum context length is 8192 tokens';
    const bodies: [what: string, body: string, options?: WireOptions][] = [
      ['error with a message', JSON.stringify({ error: { message: said, code: 400 } })],
      ['raw text of a provider', JSON.stringify({ error: { message: 'Provider returned error', metadata: { raw: said } } })],
      [
        'raw JSON of a provider',
        JSON.stringify({ error: { message: 'Provider returned error', metadata: { raw: `{"object":"error","message":"${said}"}` } } }),
      ],
      ['error as text', JSON.stringify({ error: said })],
      ['object error', JSON.stringify({ object: 'error', message: said })],
      ['detail', JSON.stringify({ detail: said })],
      ['details', JSON.stringify({ detail: [{ loc: ['body'], msg: said }] })],
      ['a list', JSON.stringify([{ error: { message: said } }])],
      ['plain text', said, { contentType: 'text/plain' }],
      ['a page', `<html><head><title>${said}</title></head></html>`, { contentType: 'text/html' }],
      ['a page without a title', `<html><style>p{}</style><p>${said}</p></html>`, { contentType: 'text/html' }],
    ];
    for (const [what, body, options] of bodies)
      fails(
        `in the form of ${what}`,
        wire([body], { status: 400, contentType: 'application/json', ...options }),
        'refused',
        new RegExp(said),
        '',
      );
    fails('with 200 and an error', json({ error: { message: said, code: 400 } }), 'refused', new RegExp(said), '');
    fails('with 200 and a rate limit', json({ error: { message: said, code: 429 } }), 'rate-limited', new RegExp(said), '');
    fails(
      'with 403 for the question',
      json({ error: { message: 'Your input was flagged by moderation', metadata: { reasons: ['violence'] } } }, { status: 403 }),
      'refused',
      /violence/,
      '',
    );
    fails('with an empty 500', wire([], { status: 500 }), 'failing', /failed \(500\)\. Ask again\.$/, '');
    fails('with 307', wire([], { status: 307, headers: { Location: 'http://127.0.0.1:1/' } }), 'refused', /OPENROUTER_BASE_URL/, '');
    fails('with a message that is cut off', wire([said], { status: 500, end: 'cut' }), 'failing', /failed \(500\)/, '');
    fails(
      'with an endless message',
      wire(Array(40).fill('x'.repeat(64 * 1024)), { status: 500, contentType: 'text/plain', end: 'open' }),
      'failing',
      /xxx…"/,
      '',
    );
    fails(
      'with a message compressed with gzip',
      wire([gzipSync(said)], { status: 500, headers: { 'Content-Encoding': 'gzip' } }),
      'failing',
      new RegExp(said),
      '',
    );
    for (const [when, status] of [
      ['20', 429],
      ['Wed, 21 Oct 2026 07:28:00 GMT', 503],
    ] as const)
      it(`passes on Retry-After: ${when}`, async () => {
        running.model.reply(wire(['busy'], { status, contentType: 'text/plain', headers: { 'Retry-After': when } }));
        const refused = await editor.post('/api/llm/complete', { prompt: 'Hello' });
        expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([502, when]);
        expect(refused.body.detail).to.contain('It said: "busy"');
      });
    it('retries without the parameter that the server does not know, and remembers that', async () => {
      running.model.reply(
        json(
          { detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' }] },
          { status: 422 },
        ),
      );
      const before = running.model.asked.length;
      for (let question = 0; question < 2; question += 1) expect((await ask(wholeAnswer())).text).to.equal(WHOLE);
      expect(running.model.asked.slice(before).map(({ body }) => 'stream_options' in body)).to.deep.equal([true, false, false]);
    });
  });
});
