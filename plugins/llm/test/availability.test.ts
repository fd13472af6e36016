import type { ApiError } from '@ved/core/browser';
import { expect } from 'chai';
import { Agent } from '../../../test/support/agent.ts';
import { answer } from '../../../test/support/model-server.ts';
import { delayNextAnswer, fetchAs, openStatePage, type StatePage, until } from '../../../test/support/page-fetch.ts';
import { Availability } from '../browser/chat/availability.ts';
import { type AssistantServer, startAssistant } from './assistant-server.ts';

describe('the availability of the assistant', () => {
  let running: AssistantServer;
  let editor: Agent;
  let page: StatePage;

  before(async () => {
    running = await startAssistant();
    editor = await running.server.signIn('ed1', '1editor');
    page = await openStatePage(await running.server.signIn('mo1', '2viewer'));
  });
  after(async () => {
    page.close();
    await running.stop();
  });

  it('is unknown until the server has answered', async () => {
    const availability = new Availability(page.live);
    expect(availability.status).to.equal(null);
    await availability.refresh();
    expect(availability.status).to.include({ configured: true, detail: null });
  });

  it('shows what somebody else spent as soon as the answer is logged', async () => {
    const availability = new Availability(page.live);
    await availability.refresh();
    const before = availability.status!.cost_today_usd;
    running.model.reply(answer('An answer.', { costUsd: 0.25 }));
    await editor.post('/api/llm/complete', { prompt: 'Hello' });
    await until(availability.changed, () => availability.status!.cost_today_usd > before);
    expect(availability.status!.cost_today_usd - before).to.be.closeTo(0.25, 1e-9);
  });

  it('stays the newest when an earlier response arrives late', async () => {
    const availability = new Availability(page.live);
    const late = delayNextAnswer('/api/llm/status');
    const first = availability.refresh();
    await late.reached;
    running.model.reply(answer('An answer.', { costUsd: 0.5 }));
    await editor.post('/api/llm/complete', { prompt: 'Hello' });
    await availability.refresh();
    const newest = availability.status;
    late.letGo();
    await first;
    expect(availability.status).to.equal(newest);
  });

  it('keeps the last answer while the server is unreachable, and says why it was refused', async () => {
    const availability = new Availability(page.live);
    await availability.refresh();
    // Port 9 discards; nothing listens there.
    const reconnect = fetchAs(new Agent('http://127.0.0.1:9'));
    await availability.refresh();
    reconnect();
    expect([availability.error, availability.status?.configured]).to.deep.equal([null, true]);
    const signIn = fetchAs(running.server.agent());
    await availability.refresh();
    signIn();
    expect((availability.error as ApiError).status).to.equal(401);
    await availability.refresh();
    expect(availability.error).to.equal(null);
  });
});

describe('the availability of an assistant without a key', () => {
  let running: AssistantServer;
  let page: StatePage;
  before(async () => {
    running = await startAssistant({ OPENROUTER_API_KEY: '' });
    page = await openStatePage(await running.server.signIn('mo1', '2viewer'));
  });
  after(async () => {
    page.close();
    await running.stop();
  });

  it('says what to set', async () => {
    const availability = new Availability(page.live);
    await availability.refresh();
    expect(availability.status?.configured).to.equal(false);
    expect(availability.status?.detail).to.contain('OPENROUTER_API_KEY');
  });
});
