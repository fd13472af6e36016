import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { defineRoutes } from '@ved/core/contract';
import { openDatabase, UserStore } from '@ved/core/server';
import { expect } from 'chai';
import { z } from 'zod';
import { Agent } from '../../test/support/agent.ts';
import { exhaustive } from '../../test/support/exhaustive.ts';
import { startServer, type TestServer } from '../../test/support/server.ts';
import { hashPassword, verifyPassword } from '../server/accounts/password.ts';
import { plugin, serving } from './support/plugins.ts';
import { rawRequest } from './support/raw-request.ts';

const routes = defineRoutes({
  write: { method: 'POST', path: '/api/write', access: 'editor', summary: '', response: z.object({ by: z.string() }) },
});
const writing = serving(routes, { write: ({ session }) => ({ by: session.username }) });
const ticks = defineRoutes({ tick: { method: 'GET', path: '/api/tick', access: 'viewer', summary: '', response: 'event-stream' } });
const ticking = plugin('ticking', {
  start: async ({ router }) => {
    router.implement(ticks, {
      tick: async function* ({ signal }) {
        for (let id = 1; !signal.aborted; id++) {
          yield { event: 'tick', id, data: {} };
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      },
    });
    return { stop: async () => undefined };
  },
});
const basic = (username: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});

describe('a password hash', () => {
  it('contains its parameters and verifies only its password', async () => {
    const hash = await hashPassword('correct horse');
    expect(hash).to.match(/^\$scrypt\$ln=15,r=8,p=1\$[^$]{22}\$[^$]{43}$/);
    expect(await verifyPassword('correct horse', hash)).to.equal(true);
    expect(await verifyPassword('correct horsf', hash)).to.equal(false);
    expect(await verifyPassword('correct horse\0', hash)).to.equal(false);
  });
  it('is also computed for a user that does not exist, and never matches', async () => {
    expect(await verifyPassword('', null)).to.equal(false);
  });
  it('verifies one that was made with other parameters', async () => {
    // The second test vector of RFC 7914, section 12.
    const key = Buffer.from(
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162' +
        '2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
      'hex',
    );
    const hash = `$scrypt$ln=10,r=8,p=16$TmFDbA$${key.toString('base64').replace(/=+$/, '')}`;
    expect(await verifyPassword('password', hash)).to.equal(true);
  });
});

describe('an account', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ plugins: [writing], firstStart: true });
  });
  after(() => server.stop());

  const withUsers = async (work: (users: UserStore) => Promise<void>) => {
    const db = openDatabase(join(server.dataDir, 'ved.sqlite'));
    try {
      await work(new UserStore(db));
    } finally {
      await db.destroy();
    }
  };
  const login = (username: string, password: string) => server.agent().post('/api/auth/login', { username, password });

  it('is one of two at first: an editor, who is also a viewer, and a viewer', async () => {
    expect((await login('ed1', '1editor')).body).to.deep.equal({ username: 'ed1', roles: ['viewer', 'editor'] });
    expect((await login('mo1', '2viewer')).body).to.deep.equal({ username: 'mo1', roles: ['viewer'] });
  });

  it('cannot be told apart from one that does not exist', async () => {
    const [wrong, unknown] = [await login('ed1', 'wrong'), await login('nobody', 'wrong')];
    expect([wrong.status, wrong.body]).to.deep.equal([401, unknown.body]);
    expect(wrong.headers.get('set-cookie')).to.equal(null);
  });

  it('has its session in a signed cookie that scripts and other sites cannot read', async () => {
    const cookies = (await login('ed1', '1editor')).headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split('=')[0])).to.deep.equal(['ved.session', 'ved.session.sig']);
    for (const cookie of cookies)
      expect(cookie)
        .to.match(/httponly/i)
        .and.match(/samesite=lax/i)
        .and.not.match(/secure/i);
  });

  it('gets a new session id at every sign-in, and the old one becomes invalid', async () => {
    const agent = await server.signIn('ed1', '1editor');
    const before = agent.cookie;
    await agent.post('/api/auth/login', { username: 'ed1', password: '1editor' });
    expect(agent.cookie).not.to.equal(before);
    expect((await agent.get('/api/auth/me')).status).to.equal(200);
    expect((await server.agent().get('/api/auth/me', { Cookie: before })).status).to.equal(401);
  });

  it('never accepts a session id that someone else chose', async () => {
    const chosen = 'ved.session=chosen; ved.session.sig=whatever';
    const { headers } = await server.agent().post('/api/auth/login', { username: 'ed1', password: '1editor' }, { Cookie: chosen });
    expect(headers.getSetCookie()[0]).to.match(/^ved\.session=[0-9a-f-]{36};/);
  });

  it('signs out on the server too', async () => {
    const agent = await server.signIn('ed1', '1editor');
    const before = agent.cookie;
    expect((await agent.post('/api/auth/logout')).body).to.deep.equal({ ok: true });
    expect(agent.cookie).to.equal('');
    expect((await server.agent().get('/api/auth/me', { Cookie: before })).status).to.equal(401);
    expect((await agent.post('/api/auth/logout')).status).to.equal(200);
  });

  it('has its role checked at every request', async () => {
    await withUsers(async (users) => void (await users.add('eva', 'long enough', 'editor')));
    const agent = await server.signIn('eva', 'long enough');
    expect((await agent.post('/api/write')).body).to.deep.equal({ by: 'eva' });
    await withUsers((users) => users.setRole('eva', 'viewer'));
    expect((await agent.post('/api/write')).status).to.equal(403);
  });

  it('loses every session, and its Basic credentials, with a new password', async () => {
    await withUsers(async (users) => void (await users.add('bob', 'long enough', 'viewer')));
    const agent = await server.signIn('bob', 'long enough');
    expect((await server.agent().get('/api/auth/me', basic('bob', 'long enough'))).status).to.equal(200);
    await withUsers((users) => users.setPassword('bob', 'a better one'));
    expect((await agent.get('/api/auth/me')).status).to.equal(401);
    expect((await server.agent().get('/api/auth/me', basic('bob', 'long enough'))).status).to.equal(401);
    expect((await login('bob', 'a better one')).status).to.equal(200);
  });

  it('can be added and listed, but not with an invalid name or password', async () => {
    await withUsers(async (users) => {
      await users.add('ann', 'long enough', 'editor');
      expect(await users.list()).to.deep.include({ id: (await users.find('ann'))?.id, username: 'ann', roles: ['viewer', 'editor'] });
      const refusal = (work: Promise<unknown>) =>
        work.then(
          () => 'none',
          (error) => error.code,
        );
      expect(await refusal(users.add('ann', 'long enough', 'viewer'))).to.equal('auth/name-taken');
      for (const name of ['prod', 'Ann', '1ann', 'a/b', '', 'a'.repeat(33)])
        expect(await refusal(users.add(name, 'long enough', 'viewer'))).to.equal('auth/bad-name');
      expect(await refusal(users.add('kim', 'short', 'viewer'))).to.equal('auth/bad-password');
      expect(await refusal(users.setRole('nobody', 'viewer'))).to.equal('auth/unknown-user');
      expect(await refusal(users.setPassword('nobody', 'long enough'))).to.equal('auth/unknown-user');
    });
    expect((await login('ann', 'long enough')).status).to.equal(200);
  });

  it('can be used by programs with HTTP Basic', async () => {
    expect((await server.agent().get('/api/auth/me', basic('mo1', '2viewer'))).body.username).to.equal('mo1');
    const wrong = await server.agent().get('/api/auth/me', basic('mo1', 'wrong'));
    expect([wrong.status, wrong.body.code]).to.deep.equal([401, 'auth/wrong-credentials']);
    expect((await server.agent().get('/api/auth/me', { Authorization: 'Basic bm9jb2xvbg==' })).status).to.equal(401);
  });

  describe('used by another site through a browser', () => {
    let cookie: string;
    before(async () => {
      cookie = (await server.signIn('ed1', '1editor')).cookie;
    });
    const write = async (headers: Record<string, string>, body?: string) => {
      return (await rawRequest(`${server.url}/api/write`, { method: 'POST', headers: { Cookie: cookie, ...headers }, body })).status;
    };

    it('is refused for requests from another origin', async () => {
      expect(await write({ Origin: 'https://evil.example' })).to.equal(403);
      expect(await write({ Origin: 'null' })).to.equal(403);
      expect(await write({ Origin: `http://127.0.0.1:${server.port + 1}` })).to.equal(403);
      expect(await write({ 'Sec-Fetch-Site': 'cross-site' })).to.equal(403);
      expect(await write({ 'Sec-Fetch-Site': 'same-site', Origin: server.url })).to.equal(403);
    });
    it('is refused for a form or a ping without an origin, with or without fields', async () => {
      const forms = ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', 'Text/Plain ;x', 'text/ping'];
      for (const type of forms) {
        for (const body of ['a=b', '', undefined]) expect(await write({ 'Content-Type': type }, body), `${type}, ${body}`).to.equal(403);
      }
    });
    it('is refused for requests from a foreign page that only the referrer shows', async () => {
      expect(await write({ Referer: 'https://evil.example/page' })).to.equal(403);
      expect(await write({ Referer: `${server.url}/editor/1` })).to.equal(200);
    });
    it('is accepted from its own origin, and from a program that sends none', async () => {
      expect(await write({ Origin: server.url, 'Sec-Fetch-Site': 'same-origin' })).to.equal(200);
      expect(await write({})).to.equal(200);
    });
    it('is refused for a host name that is not this machine', async () => {
      expect(await write({ Host: 'evil.example', Origin: 'http://evil.example' })).to.equal(403);
      expect(await write({ Host: `localhost:${server.port}` })).to.equal(200);
    });
  });
});

describe('a name whose password is guessed', () => {
  exhaustive.it('is refused after ten wrong ones, even with the right one, for HTTP Basic too', async () => {
    const server = await startServer({ plugins: [] });
    const login = (password: string) => server.agent().post('/api/auth/login', { username: 'ed1', password });
    const wrong = await Promise.all(Array.from({ length: 12 }, () => login('wrong')));
    expect(wrong.filter(({ status }) => status === 401)).to.have.length(10);
    const { status, body, headers } = await login('1editor');
    expect([status, body.code]).to.deep.equal([429, 'auth/throttled']);
    expect(Number(headers.get('retry-after'))).to.be.within(1, 60);
    expect((await server.agent().get('/api/auth/me', basic('ed1', '1editor'))).status).to.equal(429);
    await server.stop();
  });
});

describe('a published first password', () => {
  const published = { username: 'ed1', password: '1editor' };
  const withServer = async (env: Record<string, string>, work: (server: TestServer) => Promise<void>) => {
    const server = await startServer({ plugins: [writing], env, firstStart: true });
    try {
      await work(server);
    } finally {
      await server.stop();
    }
  };
  const login = async (server: TestServer, headers: Record<string, string>) => {
    const typed = { 'Content-Type': 'application/json', ...headers };
    const { status, body } = await rawRequest(`${server.url}/api/auth/login`, {
      method: 'POST',
      headers: typed,
      body: JSON.stringify(published),
    });
    return [status, JSON.parse(body).code];
  };
  const refused = [403, 'auth/published-password'];

  it('works on the machine itself, under any of its names, and is shown there', () =>
    withServer({}, async (server) => {
      for (const host of ['127.0.0.1', 'localhost', '[::1]:8000', 'ved.localhost'])
        expect((await login(server, { Host: host }))[0]).to.equal(200);
      expect((await server.agent().get('/api/auth/first-users')).body).to.deep.equal([
        { username: 'ed1', password: '1editor', role: 'editor' },
        { username: 'mo1', password: '2viewer', role: 'viewer' },
      ]);
    }));

  exhaustive.it('is refused, and not shown, through a proxy of whatever kind', () =>
    withServer({}, async (server) => {
      const traces = { 'X-Forwarded-For': '10.0.0.1', Forwarded: 'for=10.0.0.1', Via: '1.1 cache', 'X-Real-IP': '10.0.0.1', 'CF-Ray': '1' };
      for (const [name, value] of Object.entries(traces)) {
        expect(await login(server, { [name]: value }), name).to.deep.equal(refused);
        expect((await server.agent().get('/api/auth/first-users', { [name]: value })).body).to.deep.equal([]);
        expect((await server.agent().get('/api/auth/me', { ...basic('ed1', '1editor'), [name]: value })).status).to.equal(403);
      }
      const socket = connect(server.port, '127.0.0.1');
      const body = JSON.stringify(published);
      socket.write(
        `POST /api/auth/login HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      expect(await text(socket)).to.contain('auth/published-password');
    }),
  );

  it('is refused when the network or a proxy is allowed, and the message says what to do', async () => {
    for (const env of [{ HOST: '0.0.0.0' }, { VED_TRUST_PROXY: '1' }] as Record<string, string>[]) {
      await withServer(env, async (server) => {
        const { status, body } = await new Agent(`http://127.0.0.1:${server.port}`).post('/api/auth/login', published);
        expect([status, body.code]).to.deep.equal(refused);
        expect(body.detail).to.contain('npm run user -- password ed1');
      });
    }
  });

  exhaustive.it('is no longer shown once changed, and the new one works from anywhere', () =>
    withServer({}, async (server) => {
      const ed = await server.signIn('ed1', '1editor');
      await ed.post('/api/auth/password', { current_password: '1editor', new_password: 'long enough' });
      expect((await server.agent().get('/api/auth/first-users')).body).to.deep.equal([
        { username: 'mo1', password: '2viewer', role: 'viewer' },
      ]);
      const answer = await server
        .agent()
        .post('/api/auth/login', { username: 'ed1', password: 'long enough' }, { 'X-Real-IP': '10.0.0.1' });
      expect(answer.status).to.equal(200);
    }),
  );
});

describe("a person's own password", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ plugins: [writing, ticking] });
  });
  after(() => server.stop());
  const change = (agent: Agent, current_password: string, new_password: string, headers = {}) =>
    agent.post('/api/auth/password', { current_password, new_password }, headers);

  it('can be changed by a viewer too; this session and its responses continue under a new id, the others end', async () => {
    const [here, there] = [await server.signIn('mo1', '2viewer'), await server.signIn('mo1', '2viewer')];
    const [streamHere, streamThere] = [here.events('/api/tick'), there.events('/api/tick')];
    await Promise.all([streamHere.next(), streamThere.next()]);
    const before = here.cookie;
    const { status, body } = await change(here, '2viewer', 'a better one');
    expect([status, body]).to.deep.equal([200, { ok: true }]);
    expect(here.cookie).not.to.equal(before);
    expect((await here.get('/api/auth/me')).body.username).to.equal('mo1');
    expect((await server.agent().get('/api/auth/me', { Cookie: before })).status).to.equal(401);
    expect((await there.get('/api/auth/me')).status).to.equal(401);
    for await (const _ of streamThere);
    expect((await streamHere.next()).done).to.equal(false);
    await streamHere.return(undefined);
    const login = (password: string) => server.agent().post('/api/auth/login', { username: 'mo1', password });
    expect([(await login('2viewer')).status, (await login('a better one')).status]).to.deep.equal([401, 200]);
  });

  it('can be changed with HTTP Basic, which starts no session', async () => {
    const { status, headers } = await change(server.agent(), 'a better one', 'another one', basic('mo1', 'a better one'));
    expect([status, headers.get('set-cookie')]).to.deep.equal([200, null]);
  });

  it('does not change when the current one is wrong, or the new one is the same or too short', async () => {
    const ed = await server.signIn('ed1', '1editor');
    const answers = [
      await change(ed, 'wrong', 'long enough'),
      await change(ed, '1editor', 'short'),
      await change(ed, '1editor', '1editor'),
      await change(server.agent(), '1editor', 'long enough'),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).to.deep.equal([
      [403, 'auth/wrong-password'],
      [400, 'auth/bad-password'],
      [422, 'auth/same-password'],
      [401, 'auth/not-signed-in'],
    ]);
    expect((await ed.get('/api/auth/me')).status).to.equal(200);
  });

  exhaustive.it('cannot be guessed by somebody who has the session', async () => {
    const ed = await server.signIn('ed1', '1editor');
    const statuses = [];
    for (let i = 0; i < 12; i++) statuses.push((await change(ed, `guess ${i}`, 'long enough')).status);
    expect(statuses).to.include(429);
    expect((await change(ed, '1editor', 'long enough')).status).to.equal(429);
  });
});

exhaustive.describe('an account behind a proxy that ends TLS', () => {
  it('gets secure cookies, and is identified by its own address and the origin that its browser sees', async () => {
    const server = await startServer({ plugins: [writing], env: { VED_TRUST_PROXY: '1' } });
    const forwarded = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'ved.example', Origin: 'https://ved.example' };
    const db = openDatabase(join(server.dataDir, 'ved.sqlite'));
    await new UserStore(db).setPassword('ed1', 'long enough');
    await db.destroy();
    const { status, headers } = await server.agent().post('/api/auth/login', { username: 'ed1', password: 'long enough' }, forwarded);
    expect(status).to.equal(200);
    expect(headers.getSetCookie()[0]).to.match(/; secure/i);
    const guess = (address: string) =>
      server
        .agent()
        .post('/api/auth/login', { username: address, password: 'x' }, { ...forwarded, 'X-Forwarded-For': `6.6.6.6, ${address}` });
    const statuses = await Promise.all(Array.from({ length: 11 }, () => guess('10.0.0.1')));
    expect(statuses.some((answer) => answer.status === 429)).to.equal(true);
    expect((await guess('10.0.0.2')).status).to.equal(401);
    await server.stop();
  });
});
