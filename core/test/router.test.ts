import { Readable } from 'node:stream';
import { Conflict, defineRoutes, Id, NotFound } from '@ved/core/contract';
import { RawResponse } from '@ved/core/server';
import { expect } from 'chai';
import { z } from 'zod';
import type { Agent } from '../../test/support/agent.ts';
import { startServer, type TestServer } from '../../test/support/server.ts';
import { plugin, serving } from './support/plugins.ts';
import { rawRequest } from './support/raw-request.ts';

declare module '@ved/core/contract' {
  interface ProblemTables {
    things: { 'things/unknown': { status: 404 }; 'things/stale': { status: 409 } };
  }
}

const LIMIT_BYTES = 1000;
const Thing = z.object({ id: z.number().int(), name: z.string() });
const routes = defineRoutes({
  // Registered before the fixed path on purpose.
  thing: { method: 'GET', path: '/api/things/:id', access: 'viewer', summary: '', params: z.object({ id: Id }), response: Thing },
  newest: { method: 'GET', path: '/api/things/newest', access: 'public', summary: '', response: Thing },
  find: { method: 'GET', path: '/api/things', access: 'any', summary: '', query: z.object({ q: z.string() }), response: z.array(Thing) },
  make: {
    method: 'POST',
    path: '/api/things',
    access: 'editor',
    summary: '',
    body: z.object({ name: z.string(), sizes: z.array(z.number()).optional() }),
    bodyLimitBytes: LIMIT_BYTES,
    response: Thing,
    status: 201,
  },
  keep: {
    method: 'POST',
    path: '/api/keep',
    access: 'editor',
    summary: '',
    body: z.object({ name: z.string(), sizes: z.array(z.number()).optional() }),
    response: z.object({ length: z.number() }),
  },
  clear: {
    method: 'POST',
    path: '/api/things/clear',
    access: 'editor',
    summary: '',
    body: z.object({}).prefault({}),
    response: z.object({ ok: z.literal(true) }),
  },
  broken: {
    method: 'GET',
    path: '/api/broken/:how',
    access: 'public',
    summary: '',
    params: z.object({ how: z.string() }),
    response: Thing,
  },
  text: { method: 'GET', path: '/api/text', access: 'public', summary: '', response: 'text' },
  binary: { method: 'GET', path: '/api/binary', access: 'public', summary: '', response: 'binary' },
});

function failure(how: string): Error {
  const codes: Record<string, string> = { full: 'SQLITE_FULL', 'no-space': 'ENOSPC', busy: 'SQLITE_BUSY', secret: 'EWHATEVER' };
  return Object.assign(new Error('the password is hunter2'), { code: codes[how] });
}

describe('a route', () => {
  let server: TestServer;
  let editor: Agent;
  let viewer: Agent;
  let handled = 0;

  before(async () => {
    const sample = serving(routes, {
      thing: ({ params }) => {
        if (params.id !== 7) throw new NotFound('things/unknown', `There is no thing ${params.id}.`);
        return { id: 7, name: 'seven', internal: 'not for clients' };
      },
      newest: () => new RawResponse('{"id":9,"name":"raw"}', { headers: { ETag: '"9"' } }),
      find: ({ query, session }) => [{ id: 1, name: `${query.q} for ${session.username}` }],
      make: ({ body }) => {
        handled++;
        return { id: 1, name: body.name };
      },
      keep: ({ body }) => ({ length: body.name.length }),
      clear: () => ({ ok: true as const }),
      broken: ({ params }) => {
        if (params.how === 'contract') return { id: 'one' } as never;
        if (params.how === 'conflict')
          throw new Conflict('things/stale', 'It changed.', { data: { current: 3 }, cause: failure('secret') });
        throw params.how === 'wrapped' ? new Error('while saving', { cause: failure('no-space') }) : failure(params.how);
      },
      text: () => 'plain Ω',
      binary: () =>
        new RawResponse(Readable.from([Buffer.from([1, 2]), Buffer.from([3])]), { contentType: 'application/zip', status: 206 }),
    });
    server = await startServer({ plugins: [sample] });
    editor = await server.signIn('ed1', '1editor');
    viewer = await server.signIn('mo1', '2viewer');
  });
  after(() => server.stop());

  describe('with a valid request', () => {
    it('passes on what it parsed and returns only what the contract declares', async () => {
      const { status, body, headers } = await viewer.get('/api/things/7');
      expect(status).to.equal(200);
      expect(body).to.deep.equal({ id: 7, name: 'seven' });
      expect(headers.get('content-type')).to.equal('application/json; charset=utf-8');
      expect(headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
    });
    it('returns the status in the contract', async () => {
      expect((await editor.post('/api/things', { name: 'x' })).status).to.equal(201);
    });
    it('uses the default of the schema for a missing body', async () => {
      expect((await editor.post('/api/things/clear')).body).to.deep.equal({ ok: true });
    });
    it('knows the user, and reads the query', async () => {
      expect((await viewer.get('/api/things?q=a%20b')).body[0].name).to.equal('a b for mo1');
    });
    it('prefers a fixed path to a parameter, whichever was registered first', async () => {
      const { body, headers } = await viewer.get('/api/things/newest');
      expect(body).to.deep.equal({ id: 9, name: 'raw' });
      expect(headers.get('etag')).to.equal('"9"');
    });
    it('returns text and bytes', async () => {
      expect((await viewer.get('/api/text')).body).to.equal('plain Ω');
      const binary = await fetch(`${server.url}/api/binary`);
      expect(binary.status).to.equal(206);
      expect(binary.headers.get('content-type')).to.equal('application/zip');
      expect([...new Uint8Array(await binary.arrayBuffer())]).to.deep.equal([1, 2, 3]);
    });
    it('answers HEAD with the head alone', async () => {
      const { status, body, headers } = await viewer.request('HEAD', '/api/text');
      expect([status, body, headers.get('content-length')]).to.deep.equal([200, '', '8']);
    });
  });

  describe('without the required access', () => {
    it('is 401 without a session, before anything is parsed', async () => {
      const { status, body, headers } = await server.agent().get('/api/things/none');
      expect([status, body.code]).to.deep.equal([401, 'auth/not-signed-in']);
      expect(headers.get('content-type')).to.equal('application/problem+json');
      expect(headers.get('www-authenticate')).to.equal(null);
    });
    it('is 403 without the role, before the body is', async () => {
      const { status, body } = await viewer.post('/api/things', '{');
      expect([status, body.code]).to.deep.equal([403, 'auth/role-missing']);
    });
  });

  describe('with an invalid request', () => {
    it('is 404 for an unknown path', async () => {
      const { status, body } = await viewer.get('/api/nothing');
      expect([status, body.code]).to.deep.equal([404, 'request/unknown-path']);
    });
    it("is 404 with the handler's reason", async () => {
      const { status, body } = await viewer.get('/api/things/8');
      expect([status, body.detail]).to.deep.equal([404, 'There is no thing 8.']);
    });
    it('is 405 with the allowed methods', async () => {
      const { status, headers } = await editor.delete('/api/things');
      expect([status, headers.get('allow')]).to.deep.equal([405, 'GET, HEAD, POST']);
    });
    it('is 400 naming the parameter, the query or the field', async () => {
      const detail = 'path.id: must be an id: a whole number from 1 up, in digits.';
      for (const id of ['abc', '0', '-1', '1.5', '01', '+7', '7e0', '0x7', '%207', '9007199254740993'])
        expect((await viewer.get(`/api/things/${id}`)).body.detail, id).to.equal(detail);
      expect((await viewer.get('/api/things?q=1&q=2')).body.detail).to.match(/^query\.q: /);
      const { status, body } = await editor.post('/api/things', { name: 'x', sizes: [1, 'two'] });
      expect([status, body.code]).to.deep.equal([400, 'request/invalid']);
      expect(body.detail).to.match(/^body\.sizes\[1\]: /);
      expect(body.issues).to.have.length(1);
    });
    it('is 400 for malformed JSON, and for text that is not UTF-8', async () => {
      expect((await editor.post('/api/things', '{"name":')).body.code).to.equal('request/malformed-json');
      const headers = { 'Content-Type': 'application/json', Cookie: editor.cookie };
      const latin = await rawRequest(`${server.url}/api/things`, {
        method: 'POST',
        headers,
        body: Buffer.from('{"name":"\xe9"}', 'latin1'),
      });
      expect(latin.status).to.equal(400);
    });
    it('is 400 for a missing body', async () => {
      expect((await editor.post('/api/things')).status).to.equal(400);
    });
    it('is 415 for a body that is not JSON, or is compressed', async () => {
      expect((await editor.post('/api/things', 'name=x', { 'Content-Type': 'text/csv' })).status).to.equal(415);
      expect((await editor.post('/api/things', { name: 'x' }, { 'Content-Encoding': 'gzip' })).body.code).to.equal(
        'request/unsupported-encoding',
      );
    });
    it('is 415 for a charset other than UTF-8', async () => {
      const typed = (type: string) => editor.post('/api/things', { name: 'x' }, { 'Content-Type': type });
      expect((await typed('application/json; charset=iso-8859-1')).body.code).to.equal('request/unsupported-charset');
      expect((await typed('application/json;charset="UTF-8"')).status).to.equal(201);
    });
    it('accepts a body that starts with a byte order mark', async () => {
      expect((await editor.post('/api/things', '\ufeff{"name":"x"}')).status).to.equal(201);
    });
    for (const [what, body, code] of [
      ['lists nested 100,000 deep', '['.repeat(100_000), 'request/too-nested'],
      ['objects nested 100,000 deep', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 'request/too-nested'],
      ['a member that is nested too deeply', `{"name":"x","extra":${'['.repeat(101)}${']'.repeat(101)}}`, 'request/too-nested'],
      ['more values than anyone sends', `{"name":"x","sizes":[${'0,'.repeat(60_000)}0]}`, 'request/too-many-values'],
      ['an invalid number', '{"name":"x","sizes":[NaN]}', 'request/malformed-json'],
      ['a number that overflows', '{"name":"x","sizes":[1e400]}', 'request/invalid'],
      ['a list instead of an object', '[]', 'request/invalid'],
      ['a prototype instead of members', '{"__proto__":{"name":"x"}}', 'request/invalid'],
    ] as const) {
      it(`is 400 for ${what}`, async () => {
        const answer = await editor.post('/api/keep', body);
        expect([answer.status, answer.body.code]).to.deep.equal([400, code]);
      });
      it(`is 400 for ${what}, in pieces of unknown length`, async () => {
        const headers = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked', Cookie: editor.cookie };
        const answer = await rawRequest(`${server.url}/api/keep`, { method: 'POST', headers, body });
        expect([answer.status, JSON.parse(answer.body).code]).to.deep.equal([400, code]);
      });
    }
    it('ignores brackets inside strings', async () => {
      expect((await editor.post('/api/keep', { name: `"${'[{,'.repeat(1_000)}\\` })).status).to.equal(200);
    });
    it('changes nothing', async () => {
      const before = handled;
      await editor.post('/api/things', { name: 3 });
      expect(handled).to.equal(before);
    });
  });

  describe('whose body is too large', () => {
    const headers = () => ({ 'Content-Type': 'application/json', Cookie: editor.cookie });
    const large = JSON.stringify({ name: 'x'.repeat(LIMIT_BYTES) });

    it('is 413 by the declared length', async () => {
      expect((await editor.post('/api/things', large)).body.code).to.equal('request/too-large');
    });
    it('is 413 by counting bytes when the length is not declared', async () => {
      const answer = await rawRequest(`${server.url}/api/things`, {
        method: 'POST',
        headers: { ...headers(), 'Transfer-Encoding': 'chunked' },
        body: large,
      });
      expect(answer.status).to.equal(413);
    });
    it('is 413 before it is sent, when the client asks first', async () => {
      const asking = { ...headers(), Expect: '100-continue', 'Content-Length': String(LIMIT_BYTES + 1) };
      expect((await rawRequest(`${server.url}/api/things`, { method: 'POST', headers: asking })).status).to.equal(413);
    });
    it('is accepted at the limit, byte for byte', async () => {
      const fits = JSON.stringify({ name: '' });
      const { status } = await editor.post('/api/things', JSON.stringify({ name: 'x'.repeat(LIMIT_BYTES - fits.length) }));
      expect(status).to.equal(201);
    });
  });

  describe('whose handler fails', () => {
    it('returns a problem with its data', async () => {
      const { status, body } = await viewer.get('/api/broken/conflict');
      expect(status).to.equal(409);
      expect(body).to.deep.equal({
        type: 'urn:ved:problem:things:stale',
        title: 'Conflict',
        status: 409,
        detail: 'It changed.',
        code: 'things/stale',
        current: 3,
      });
    });
    it('returns nothing of an error that is not a problem except the request id', async () => {
      const { status, body, headers } = await viewer.get('/api/broken/secret');
      expect([status, body.code]).to.deep.equal([500, 'core/internal']);
      expect(body.request_id).to.equal(headers.get('x-request-id'));
      expect(JSON.stringify(body)).not.to.contain('hunter2');
    });
    it('is 507 when the disk is full, for SQLite and for files', async () => {
      for (const how of ['full', 'no-space', 'wrapped']) {
        const { status, body } = await viewer.get(`/api/broken/${how}`);
        expect([status, body.code]).to.deep.equal([507, 'core/disk-full']);
      }
    });
    it('is 503 with Retry-After when the database is busy', async () => {
      const { status, headers } = await viewer.get('/api/broken/busy');
      expect([status, headers.get('retry-after')]).to.deep.equal([503, '1']);
    });
    it('is an opaque 500 when its response breaks the contract', async () => {
      expect((await viewer.get('/api/broken/contract')).body.code).to.equal('core/internal');
    });
  });
});

describe('a mounted handler', () => {
  let server: TestServer;
  before(async () => {
    const mounting = plugin('sample', {
      start: async ({ router }) => {
        router.mount('/files', 'viewer', async (ctx, session) => {
          ctx.body = `${ctx.method} ${ctx.path} by ${session.username}`;
        });
        return { stop: async () => undefined };
      },
    });
    server = await startServer({ plugins: [mounting] });
  });
  after(() => server.stop());

  it('serves every path under its prefix', async () => {
    const viewer = await server.signIn('mo1', '2viewer');
    expect((await viewer.get('/files/a/b?c')).body).to.equal('GET /files/a/b by mo1');
    expect((await viewer.get('/filesystem')).status).to.equal(404);
  });
  it('asks programs for their credentials', async () => {
    const { status, headers } = await server.agent().get('/files/a');
    expect([status, headers.get('www-authenticate')]).to.deep.equal([401, 'Basic realm="ved", charset="UTF-8"']);
  });
});

describe('two plugins', () => {
  const routes = (path: string) => defineRoutes({ only: { method: 'GET', path, access: 'public', summary: '', response: z.number() } });
  const refused = async (first: string, second: string) => {
    const owning = (id: string, path: string) =>
      plugin(id, {
        start: async ({ router }) => {
          router.implement(routes(path), { only: () => 1 });
          return { stop: async () => undefined };
        },
      });
    return startServer({ plugins: [owning('a', first), owning('b', second)] }).then(
      () => 'it was not refused',
      (error: Error) => error.message,
    );
  };

  it('cannot serve the same route, however they name its parameter', async () => {
    expect(await refused('/api/x/:id', '/api/x/:name')).to.contain('GET /api/x/:name of b is taken by a');
  });
});
