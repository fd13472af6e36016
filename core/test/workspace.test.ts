import { join } from 'node:path';
import { sessionRoutes, workspaceRoutes } from '@ved/core/contract';
import { openDatabase } from '@ved/core/server';
import { expect } from 'chai';
import type { Agent } from '../../test/support/agent.ts';
import { startServer, type TestServer } from '../../test/support/server.ts';
import { plugin } from './support/plugins.ts';

describe('the workspace on the server', () => {
  let server: TestServer;
  let ed: Agent;
  let mo: Agent;
  let degraded = false;
  before(async () => {
    const sample = plugin('sample', {
      start: async ({ health }) => {
        health.report('engines', () => ({ value: { active: 'docker' }, detail: { why: 'tcp://10.0.0.1' }, degraded }));
        return { stop: async () => undefined };
      },
    });
    server = await startServer({ plugins: [sample] });
    ed = await server.signIn('ed1', '1editor');
    mo = await server.signIn('mo1', '2viewer');
  });
  after(() => server.stop());

  it('stores settings per person', async () => {
    await ed.put('/api/workspace/settings/@ved%2Feditor:main', { raw: '{"a": 1} // mine' });
    await mo.put('/api/workspace/settings/@ved%2Feditor:main', { raw: '{}' });
    await mo.put('/api/workspace/settings/@ved%2Feditor:main', { raw: '{"b": 2}' });
    expect((await ed.get('/api/workspace/settings')).body).to.deep.equal({ '@ved/editor:main': '{"a": 1} // mine' });
    expect((await mo.get('/api/workspace/settings')).body).to.deep.equal({ '@ved/editor:main': '{"b": 2}' });
  });

  it('refuses a setting with an invalid id, and one that is too long', async () => {
    expect((await ed.put('/api/workspace/settings/a%20b', { raw: '' })).status).to.equal(400);
    expect((await ed.put('/api/workspace/settings/__proto__', { raw: '' })).status).to.equal(400);
    expect((await ed.put('/api/workspace/settings/a:b', { raw: 'x'.repeat(256 * 1024 + 1) })).status).to.equal(400);
    expect((await server.agent().get('/api/workspace/settings')).status).to.equal(401);
  });

  it('stores state by key, sets given values and removes null ones', async () => {
    await ed.put('/api/workspace/state', { values: { layout: { left: ['catalog'] }, theme: 'dark', old: 0 } });
    await ed.put('/api/workspace/state', { values: { theme: 'light', old: null } });
    expect((await ed.get('/api/workspace/state')).body).to.deep.equal({ layout: { left: ['catalog'] }, theme: 'light' });
    expect((await mo.get('/api/workspace/state')).body).to.deep.equal({});
  });

  it('refuses too many entries, and stores none of them', async () => {
    const values = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`key${index}`, index]));
    expect((await mo.put('/api/workspace/state', { values })).body.code).to.equal('workspace/too-many');
    expect((await mo.get('/api/workspace/state')).body).to.deep.equal({});
    expect((await mo.put('/api/workspace/state', { values: 3 })).status).to.equal(400);
  });

  it('limits the bytes of state per person: beyond that nothing changes, less is always accepted, and others are not affected', async () => {
    const kept = 'x'.repeat(600_000);
    for (const key of ['one', 'two', 'three'])
      expect((await mo.put('/api/workspace/state', { values: { [key]: kept } })).status).to.equal(200);
    const refused = await mo.put('/api/workspace/state', {
      values: { three: 'short', four: kept, one: `${kept}${kept.slice(0, 300_000)}` },
    });
    expect([refused.status, refused.body.code]).to.deep.equal([413, 'request/too-large']);
    const full = await mo.put('/api/workspace/state', { values: { four: kept, five: 1 } });
    expect([full.status, full.body.code]).to.deep.equal([422, 'workspace/state-full']);
    expect(full.body.detail).to.contain('2 MiB').and.to.contain('Close some tabs');
    expect((await mo.get('/api/workspace/state')).body).to.deep.equal({ one: kept, two: kept, three: kept });
    expect((await mo.get('/api/workspace/boot')).body.state).to.deep.equal({ one: kept, two: kept, three: kept });
    expect((await ed.put('/api/workspace/state', { values: { four: kept } })).status).to.equal(200);
    expect((await mo.put('/api/workspace/state', { values: { one: null, four: kept } })).status).to.equal(200);
    await mo.put('/api/workspace/state', { values: { two: null, three: null, four: null } });
    await ed.put('/api/workspace/state', { values: { four: null } });
  });

  it('lets a person who is over a limit store less, but not more', async () => {
    const db = openDatabase(join(server.dataDir, 'ved.sqlite'));
    const { id: user_id } = await db('core_users').where({ username: 'mo1' }).first('id');
    await db('core_user_state').insert(['a', 'b'].map((key) => ({ user_id, key, value_json: JSON.stringify('x'.repeat(3_000_000)) })));
    await db.destroy();
    expect((await mo.put('/api/workspace/state', { values: { c: 1 } })).body.code).to.equal('workspace/state-full');
    expect((await mo.put('/api/workspace/state', { values: { a: 'less' } })).status).to.equal(200);
    expect((await mo.put('/api/workspace/state', { values: { a: null, b: null } })).status).to.equal(200);
    expect((await mo.get('/api/workspace/state')).body).to.deep.equal({});
  });

  it('limits the bytes of settings per person', async () => {
    const raw = 'x'.repeat(250_000);
    const put = (name: string) => mo.put(`/api/workspace/settings/@sample%2Flarge:${name}`, { raw });
    for (const name of ['a', 'b', 'c', 'd']) expect((await put(name)).status).to.equal(200);
    const full = await put('e');
    expect([full.status, full.body.code]).to.deep.equal([422, 'workspace/settings-full']);
    expect(Object.keys((await mo.get('/api/workspace/settings')).body)).to.not.include('@sample/large:e');
  });

  it('reports its health, with what plugins add', async () => {
    expect((await server.agent().get('/api/health')).body).to.deep.equal({
      status: 'ok',
      version: '0.0.0-test',
      engines: { active: 'docker' },
    });
    degraded = true;
    expect((await server.agent().get('/api/health')).body.status).to.equal('degraded');
    degraded = false;
  });

  it('reports details to signed-in users only', async () => {
    expect((await mo.get('/api/health')).body.engines).to.deep.equal({ active: 'docker', why: 'tcp://10.0.0.1' });
  });

  it('lists its plugins to signed-in users', async () => {
    const { body } = await mo.get('/api/plugins');
    expect(body).to.have.length(1);
    expect(body[0]).to.include({ id: 'sample', state: 'started', required: true, error: null, source: 'built-in', server: true });
    expect((await server.agent().get('/api/plugins')).status).to.equal(401);
  });

  it('describes every route as OpenAPI', async () => {
    const { body } = await server.agent().get('/api/openapi.json');
    expect(body.openapi).to.equal('3.1.0');
    for (const { method, path } of Object.values({ ...sessionRoutes, ...workspaceRoutes })) {
      expect(body.paths[path.replace(/:(\w+)/g, '{$1}')]).to.have.property(method.toLowerCase());
    }
    const login = body.paths['/api/auth/login'].post;
    expect(login.requestBody.content['application/json'].schema.required).to.deep.equal(['username', 'password']);
    expect(login.responses['200'].content['application/json'].schema.properties.roles.items.enum).to.deep.equal(['viewer', 'editor']);
    const setting = body.paths['/api/workspace/settings/{id}'].put;
    expect(setting.parameters).to.deep.include({
      name: 'id',
      in: 'path',
      required: true,
      schema: { type: 'string', pattern: '^[@\\w./-]{1,150}:[\\w.-]{1,50}$' },
    });
  });

  it('creates the OpenAPI document once, and does not send it again to a client that has it', async () => {
    const [first, second] = [await mo.get('/api/openapi.json'), await server.agent().get('/api/openapi.json')];
    const etag = String(first.headers.get('etag'));
    expect(second.headers.get('etag')).to.equal(etag);
    const { status, body } = await server.agent().get('/api/openapi.json', { 'If-None-Match': etag });
    expect([status, body]).to.deep.equal([304, '']);
  });

  it('measures requests by route', async () => {
    await mo.get('/api/made-up-by-a-client');
    const { body, headers } = await server.agent().get('/metrics');
    expect(headers.get('content-type')).to.contain('text/plain');
    expect(body).to.match(/ved_http_request_duration_seconds_count\{method="GET",route="\/api\/plugins",status="200"\} 1/);
    expect(body)
      .to.match(/route="none",status="404"/)
      .and.to.match(/process_resident_memory_bytes/);
    expect(body).not.to.contain('made-up-by-a-client');
  });
});
