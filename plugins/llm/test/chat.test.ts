import type { ApiError } from '@ved/core/browser';
import { expect } from 'chai';
import { deferred } from '../../../core/test/support/deferred.ts';
import { answer, malformed, refuse, stall } from '../../../test/support/model-server.ts';
import { fetchAs, until } from '../../../test/support/page-fetch.ts';
import { Chat, type ChatOptions } from '../browser/chat/chat.ts';
import { type AssistantServer, startAssistant } from './assistant-server.ts';

describe('a conversation with the assistant', () => {
  let running: AssistantServer;
  let scriptId: number;
  let versionId: number;
  let restoreFetch: () => void;

  before(async () => {
    running = await startAssistant({ VED_LLM_TIMEOUT_MS: '20000' });
    const editor = await running.server.signIn('ed1', '1editor');
    const { body } = await editor.post('/api/scripts', { content: '"""Load orders"""\nprint(1)\n' });
    [scriptId, versionId] = [body.id, body.version.id];
    restoreFetch = fetchAs(editor);
  });
  after(async () => {
    restoreFetch();
    await running.stop();
  });

  const chat = (options: Partial<ChatOptions> = {}) => new Chat({ prompt: '', subject: () => ({}), onPrompt: () => undefined, ...options });
  const lastTurn = (of: Chat) => of.turns.at(-1)!;
  const codeOf = ({ turns }: Chat) => (turns.at(-1)!.error as ApiError).problem.code;
  const sent = () => running.model.asked.at(-1)!.body.messages.at(-1)!.content;
  async function ask(asking: Chat, prompt: string): Promise<void> {
    asking.prompt = prompt;
    await asking.ask();
  }
  const suggestion = () => ({
    scriptId,
    scriptName: '1.00 Load orders',
    scriptExists: true,
    versionId,
    code: 'print("as it ran")',
    codeName: 'the text of run 1 (v0.1)',
  });

  it('receives an answer in parts, then its cost', async () => {
    const rest = deferred();
    running.model.reply(answer(['It prints ', '1.'], { beforePiece: () => rest.promise, costUsd: 0.0021 }));
    const asking = chat({ prompt: 'What does it print?' });
    const asked = asking.ask();
    await until(asking.changed, () => lastTurn(asking).answer === 'It prints ');
    expect(lastTurn(asking)).to.include({ state: 'asking', usage: null });
    expect(asking.prompt, 'the box').to.equal('');
    rest.resolve();
    await asked;
    expect(lastTurn(asking)).to.include({ state: 'answered', answer: 'It prints 1.', cut: false });
    expect(lastTurn(asking).usage?.cost_usd).to.equal(0.0021);
  });

  it('says that an answer reached the length limit', async () => {
    running.model.reply(answer('It pri', { finishReason: 'length' }));
    const asking = chat();
    await ask(asking, 'What does it print?');
    expect(lastTurn(asking)).to.include({ state: 'answered', cut: true });
  });

  it('sends the script as it is when a question is asked, or not at all', async () => {
    let text = 'print("old")';
    const asking = chat({ subject: () => ({ script_id: scriptId, context_code: text }) });
    text = 'print("typed since")';
    await ask(asking, 'Explain');
    expect(sent())
      .to.contain('print("typed since")')
      .and.match(/Explain$/);
    asking.withScript = false;
    await ask(asking, 'Explain');
    expect(sent()).to.equal('Explain');
  });

  it('keeps the text received so far when it is stopped, and tells the model to stop', async () => {
    running.model.reply(stall('Half an answer'));
    const upstream = running.model.nextAsked();
    const asking = chat({ prompt: 'Talk on' });
    const asked = asking.ask();
    await until(asking.changed, () => lastTurn(asking).answer !== '');
    asking.stop();
    await asked;
    await (await upstream).closed;
    expect(lastTurn(asking)).to.include({ state: 'stopped', answer: 'Half an answer', error: null });
    expect(asking.asking).to.equal(false);
  });

  it('asks one question at a time, and no blank one', async () => {
    running.model.reply(stall('Half an answer'));
    const asking = chat({ prompt: 'First' });
    const asked = asking.ask();
    await until(asking.changed, () => lastTurn(asking).answer !== '');
    await ask(asking, 'Second');
    await asking.askAgain(lastTurn(asking));
    expect(asking.turns).to.have.length(1);
    expect(asking.prompt).to.equal('Second');
    asking.stop();
    await asked;
    await ask(asking, ' \n');
    expect(asking.turns).to.have.length(1);
  });

  it('leaves a prompt with a blocked word in the box', async () => {
    const asking = chat();
    await ask(asking, 'What is the PASSWORD?');
    expect(codeOf(asking)).to.equal('llm/stop-word');
    expect((lastTurn(asking).error as Error).message).to.contain('"password"');
    expect(asking.prompt).to.equal('What is the PASSWORD?');
  });

  it('keeps what was typed since a question that failed', async () => {
    const asking = chat({ prompt: 'the password' });
    const asked = asking.ask();
    asking.prompt = 'Another question';
    await asked;
    expect(lastTurn(asking).state).to.equal('failed');
    expect(asking.prompt).to.equal('Another question');
  });

  it('says that the model failed, and asks the same again on request', async () => {
    running.model.reply(refuse(429, 'slow down'), malformed('Half an answer', '{"oops'), answer('A whole answer.'));
    const asking = chat();
    await ask(asking, 'Try it');
    expect(codeOf(asking)).to.equal('llm/upstream');
    await asking.askAgain(lastTurn(asking));
    expect(lastTurn(asking)).to.include({ state: 'failed', answer: 'Half an answer' });
    await asking.askAgain(lastTurn(asking));
    expect(lastTurn(asking)).to.include({ state: 'answered', prompt: 'Try it', answer: 'A whole answer.' });
    expect(asking.turns).to.have.length(3);
  });

  describe('in which a prompt is suggested', () => {
    it('sends the text that the suggestion is about, then restores what was typed', async () => {
      const asking = chat({ prompt: 'Half a thought' });
      asking.suggest('Why did it fail?', suggestion());
      expect(asking.prompt).to.equal('Why did it fail?');
      await asking.ask();
      expect(sent()).to.contain('print("as it ran")').and.contain('Why did it fail?');
      expect([asking.prompt, asking.suggested]).to.deep.equal(['Half a thought', null]);
      expect(lastTurn(asking).about?.codeName).to.equal('the text of run 1 (v0.1)');
    });

    it('stores only what a person typed', () => {
      const stored: string[] = [];
      const asking = chat({ onPrompt: (prompt) => stored.push(prompt) });
      asking.prompt = 'Half a thought';
      asking.suggest('Why did it fail?', suggestion());
      asking.suggest('Why did it fail again?', suggestion());
      asking.dropSuggestion();
      expect(asking.prompt).to.equal('Half a thought');
      expect(new Set(stored)).to.deep.equal(new Set(['Half a thought']));
    });

    it('can send the text in the editor instead', async () => {
      const asking = chat({ subject: () => ({ script_id: scriptId, context_code: 'print("as it is now")' }) });
      asking.suggest('Why did it fail?', suggestion());
      asking.sendCurrentText();
      await asking.ask();
      expect(sent())
        .to.contain('print("as it is now")')
        .and.match(/Why did it fail\?$/)
        .and.not.contain('as it ran');
    });

    it('suggests it again when the question failed', async () => {
      running.model.reply(refuse(500, 'broken'));
      const asking = chat();
      asking.suggest('Why did it fail?', suggestion());
      await asking.ask();
      expect(asking.prompt).to.equal('Why did it fail?');
      expect(asking.suggested?.code).to.equal('print("as it ran")');
    });

    it('asks about a deleted script by its text alone', () => {
      const asking = chat();
      asking.suggest('Why did it fail?', { ...suggestion(), scriptExists: false });
      expect(asking.request()).to.deep.equal({ prompt: 'Why did it fail?', context_code: 'print("as it ran")' });
    });
  });
});

describe('a conversation on a server without a key', () => {
  let running: AssistantServer;
  let restoreFetch: () => void;
  before(async () => {
    running = await startAssistant({ OPENROUTER_API_KEY: '' });
    restoreFetch = fetchAs(await running.server.signIn('ed1', '1editor'));
  });
  after(async () => {
    restoreFetch();
    await running.stop();
  });

  it('names the variable to set', async () => {
    const asking = new Chat({ prompt: 'Hello', subject: () => ({}), onPrompt: () => undefined });
    await asking.ask();
    expect((asking.turns[0]!.error as Error).message).to.contain('OPENROUTER_API_KEY');
    expect(asking.prompt).to.equal('Hello');
  });
});
