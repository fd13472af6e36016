/** The assistant in a real browser, with a stand-in for the model's API. */

import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import { seriousViolations } from '../support/accessibility.ts';
import type { Agent } from '../support/agent.ts';
import { openWorkspace, type PageOptions, screenshot, viewports, type WatchedPage } from '../support/browser.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { forgetLayout, startPageServer } from '../support/journey.ts';
import { answer, type ModelServer, malformed, refuse, stall, startModelServer } from '../support/model-server.ts';
import { pages } from '../support/page-pool.ts';
import type { TestServer } from '../support/server.ts';
import { setTypeChecks } from '../support/type-checks.ts';

const SCRIPT = '"""Load orders"""\nimport sys\n\nprint(open(sys.argv[1]).read())\n';
const REWRITTEN = '"""Load orders"""\nfrom pathlib import Path';
const REPLY = `The file is **never closed**.\n\n\`\`\`python\n${REWRITTEN}\n\`\`\`\n\nThat is all.`;

describe('the assistant', () => {
  let model: ModelServer;
  let server: TestServer;
  let editor: Agent;
  let scriptId: number;
  let watched: WatchedPage;
  let page: Page;

  before(async function () {
    this.timeout(240_000);
    model = await startModelServer();
    server = await startPageServer({
      env: { OPENROUTER_API_KEY: 'sk-or-journey', OPENROUTER_BASE_URL: model.baseUrl, VED_LLM_TIMEOUT_MS: '20000' },
    });
    editor = await server.signIn('ed1', '1editor');
    await setTypeChecks(editor, false);
    scriptId = (await editor.post('/api/scripts', { content: SCRIPT })).body.id;
  });
  after(async () => {
    await server?.stop();
    await model?.stop();
  });
  afterEach(() => pages.takeBack());

  async function open(options: PageOptions = {}): Promise<void> {
    watched = await pages.take({ viewport: viewports.laptop, permissions: ['clipboard-read', 'clipboard-write'], ...options });
    page = watched.page;
    await openWorkspace(page, editor, `/editor/${scriptId}`);
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await page.keyboard.press('Alt+4');
    await prompt().waitFor();
  }
  const panel = () => page.locator('#ved-assistant');
  const prompt = () => panel().getByRole('textbox', { name: 'Prompt' });
  const lastTurn = () => panel().getByRole('article').last();
  async function ask(text: string): Promise<Locator> {
    const before = await panel().getByRole('article').count();
    await prompt().fill(text);
    await prompt().press('Control+Enter');
    const turn = panel().getByRole('article').nth(before);
    await turn.waitFor();
    return turn;
  }
  async function askAndHear(text: string): Promise<Locator> {
    const turn = await ask(text);
    await turn.getByRole('status', { name: 'Answered' }).waitFor();
    return turn;
  }
  async function editorText(): Promise<string> {
    const lines = await page.locator('.monaco-editor .view-lines').first().locator('.view-line').allInnerTexts();
    return lines
      .map((line) => line.replaceAll('\u00a0', ' ').trimEnd())
      .join('\n')
      .trimEnd();
  }
  async function untilEditorHolds(text: string): Promise<void> {
    while ((await editorText()) !== text.trimEnd()) await page.evaluate(() => new Promise(requestAnimationFrame));
  }

  describe('when a person asks', () => {
    it('shows the answer as it arrives, then its cost', async () => {
      await open();
      let release: (value: unknown) => void = () => undefined;
      const gate = new Promise((resolve) => {
        release = resolve;
      });
      model.reply(answer([REPLY.slice(0, 20), REPLY.slice(20)], { beforePiece: () => gate, costUsd: 0.0021, model: 'house/large' }));
      const turn = await ask('What is wrong here?');
      await turn.getByText('The file is').waitFor();
      expect(await panel().getByRole('button', { name: 'Stop' }).isVisible()).to.equal(true);
      await screenshot(page, 'assistant-answering');
      release(undefined);
      await turn.getByRole('status', { name: 'Answered' }).waitFor();
      expect(await turn.locator('strong').textContent()).to.equal('never closed');
      expect(await turn.locator('.ved-Answer-bar').textContent()).to.match(/^python/);
      expect(await turn.getByText('house/large').count()).to.equal(1);
      expect(await turn.getByText('$0.0021', { exact: true }).count()).to.equal(1);
      await page.getByRole('button', { name: '$0.0021 today' }).waitFor();
      expect(model.asked.at(-1)?.body.messages.at(-1)?.content)
        .to.contain('import sys')
        .and.match(/What is wrong here\?$/);
      await screenshot(page, 'assistant-answered');
      watched.check();
    });

    exhaustive.it('sends the text on the screen, with unsaved changes, or no text', async () => {
      await open();
      await page.locator('.monaco-editor .view-line').first().click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type('# not saved yet');
      await panel().getByText('with unsaved changes').waitFor();
      await askAndHear('Explain');
      expect(model.asked.at(-1)?.body.messages.at(-1)?.content).to.contain('# not saved yet');
      await panel().getByLabel('Send the script').uncheck();
      await askAndHear('Explain');
      expect(model.asked.at(-1)?.body.messages.at(-1)?.content).to.equal('Explain');
      watched.check();
    });

    exhaustive.it('previews what will be sent', async () => {
      await open();
      const before = model.asked.length;
      await prompt().fill('Explain the secret');
      await panel().getByRole('button', { name: 'Preview' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Would be refused').waitFor();
      expect(await dialog.locator('pre').last().textContent())
        .to.contain('import sys')
        .and.match(/Explain the secret$/);
      expect(await seriousViolations(page, '.jp-Dialog-content')).to.deep.equal([]);
      await screenshot(page, 'assistant-preview');
      await dialog.getByRole('button', { name: 'Close' }).click();
      expect(model.asked).to.have.length(before);
      watched.check();
    });

    exhaustive.it('can be stopped, and keeps the text received so far', async () => {
      await open();
      model.reply(stall('Half an answer'));
      const asked = model.nextAsked();
      const turn = await ask('Talk on');
      await turn.getByText('Half an answer').waitFor();
      await panel().getByRole('button', { name: 'Stop' }).click();
      await turn.getByText('Stopped by you').waitFor();
      await (await asked).closed;
      expect(await turn.getByText('Half an answer').count()).to.equal(1);
      watched.check();
    });
  });

  describe('when code is inserted', () => {
    it('replaces the selection with just the code, as one undo step', async () => {
      await open();
      model.reply(answer(REPLY));
      const turn = await askAndHear('Rewrite it');
      await page.locator('.monaco-editor .view-line').first().click();
      await page.keyboard.press('Control+a');
      const before = await editorText();
      await turn.getByRole('button', { name: 'Insert' }).click();
      await untilEditorHolds(REWRITTEN);
      await page.locator('.monaco-editor .view-line').first().click();
      await page.keyboard.press('Control+z');
      await untilEditorHolds(before);
      watched.check();
    });

    exhaustive.it('can be copied without its fences', async () => {
      await open();
      model.reply(answer(REPLY));
      const turn = await askAndHear('Rewrite it');
      await turn.getByRole('button', { name: 'Copy', exact: true }).click();
      await page.getByText('Copied', { exact: true }).waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).to.equal(REWRITTEN);
      watched.check();
    });
  });

  describe('when it cannot answer', () => {
    it('names the blocked word, and leaves the prompt in the box', async () => {
      await open({ expected: [/^http 400 \/api\/llm\/stream$/] });
      const turn = await ask('What is the PASSWORD?');
      const alert = turn.getByRole('alert');
      await alert.getByText('"password"').waitFor();
      expect(await prompt().inputValue()).to.equal('What is the PASSWORD?');
      await screenshot(page, 'assistant-refused');
      watched.check();
    });

    exhaustive.it('says what went wrong upstream, and asks again on request', async () => {
      await open({ expected: [/^http 502 \/api\/llm\/stream$/] });
      model.reply(refuse(429, 'slow down'), malformed('Half an answer', '{"oops'), answer('A whole answer.'));
      const first = await ask('Try it');
      await first.getByRole('alert').getByText('is rate limiting requests').waitFor();
      await first.getByRole('button', { name: 'Ask again' }).click();
      await lastTurn().getByRole('alert').getByText('The answer was cut short').waitFor();
      expect(await lastTurn().getByText('Half an answer').count()).to.equal(1);
      await screenshot(page, 'assistant-trouble');
      await lastTurn().getByRole('button', { name: 'Ask again' }).click();
      await lastTurn().getByText('A whole answer.').waitFor();
      watched.check();
    });
  });

  describe('about a run that failed', () => {
    const FAILED = '"""Count apples"""\nprint("counting")\nraise ValueError("no apples")\n';
    let apples: number;
    let runId: number;

    before(async function () {
      // The first run waits for an interpreter.
      this.timeout(240_000);
      apples = (await editor.post('/api/scripts', { content: '"""Count apples"""\nprint("as it is today")\n' })).body.id;
      runId = (await editor.post(`/api/execute/${apples}`, { source: 'draft', content: FAILED })).body.id;
    });

    async function openRun(): Promise<void> {
      // The layout keeps the panel open from one page to the next; another click would close it.
      const runs = page.locator('.jp-SideBar .lm-TabBar-tab[data-id="ved-runs"]');
      if ((await runs.getAttribute('aria-selected')) !== 'true') await runs.click();
      await page.locator(`.ved-Runs-row[data-ved-run-id="${runId}"]`).click();
    }
    const askButton = () => page.locator('.ved-Output:visible').getByRole('button', { name: 'Ask the assistant' });
    const subject = () => panel().locator('.ved-Assistant-subject');
    async function send(): Promise<Locator> {
      await prompt().press('Control+Enter');
      await lastTurn().getByRole('status', { name: 'Answered' }).waitFor();
      return lastTurn();
    }

    it("asks in its script's conversation with the text that ran, whichever tab is in front, and restores what was typed", async () => {
      await open();
      await prompt().fill('Something about orders');
      await page.evaluate((key) => localStorage.setItem(key, 'Half a thought about apples'), `ved:llm:prompt:ed1:${apples}`);
      await openRun();
      await askButton().click();
      await subject().getByText('Count apples').waitFor();
      await panel().getByText(`This question is about the text of run ${runId} (v0.1 with unsaved changes)`).waitFor();
      await panel().getByText('The script has changed since').waitFor();
      expect(await prompt().inputValue())
        .to.contain('ValueError: no apples')
        .and.contain('line 3, in <module>')
        .and.contain('counting')
        .and.match(/how do I fix it\?$/);
      await prompt().and(page.locator(':focus')).waitFor();
      await screenshot(page, 'assistant-about-run');
      expect(await seriousViolations(page, '#ved-assistant')).to.deep.equal([]);
      const turn = await send();
      const sent = model.asked.at(-1)?.body.messages.at(-1)?.content;
      expect(sent).to.contain('Count apples').and.contain('print("counting")').and.not.contain('as it is today');
      await turn.getByText(`about the text of run ${runId}`).waitFor();
      expect(await prompt().inputValue()).to.equal('Half a thought about apples');
      await page.locator('.lm-TabBar-tab').filter({ hasText: 'Load orders' }).first().click();
      await subject().getByText('Load orders').waitFor();
      expect(await prompt().inputValue()).to.equal('Something about orders');
      watched.check();
    });

    exhaustive.it('asks with the current text when the person wants that', async () => {
      await open();
      await openRun();
      await askButton().click();
      await panel().getByRole('button', { name: "Send the editor's text instead" }).click();
      await send();
      expect(model.asked.at(-1)?.body.messages.at(-1)?.content).to.contain('as it is today').and.contain('ValueError: no apples');
      watched.check();
    });

    exhaustive.it('waits in the box while another question about the script is being answered, even with the panel closed', async () => {
      await open();
      await openRun();
      await askButton().click();
      await panel().getByText('This question is about').waitFor();
      model.reply(stall('Half an answer'));
      await prompt().press('Control+Enter');
      await lastTurn().getByText('Half an answer').waitFor();
      await page.locator('.jp-SideBar .lm-TabBar-tab[data-id="ved-assistant"]').click();
      await prompt().waitFor({ state: 'hidden' });
      await askButton().click();
      await prompt().waitFor();
      expect(await prompt().inputValue()).to.contain('ValueError: no apples');
      await panel().getByRole('button', { name: 'Stop' }).click();
      await panel().getByRole('button', { name: 'Discard question' }).click();
      expect(await prompt().inputValue()).to.equal('');
      watched.check();
    });

    exhaustive.it('asks about a deleted script', async () => {
      await editor.delete(`/api/scripts/${apples}`);
      // Its tab is still in the layout.
      await open({ expected: [/^http 404 \/api\/scripts\/\d+$/] });
      await openRun();
      await askButton().click();
      await panel().getByText('The script was deleted').waitFor();
      await send();
      expect(model.asked.at(-1)?.body.messages.at(-1)?.content).to.contain('print("counting")');
      watched.check();
    });
  });

  describe('when a model is malicious', () => {
    // The tab of the deleted script would be filled when the page is idle, possibly during a test.
    before(() => forgetLayout(editor));

    it('shows its answer as text: nothing runs, loads, misleads or changes the script', async () => {
      await open();
      const hostile = [
        '<script>window.harmed = 1</script><img src=x onerror="window.harmed = 1"><iframe src="/"></iframe>',
        '<form action="https://evil.example/"><input name="q"><button>Sign in</button></form><style>body { display: none }</style>',
        '[click](javascript:window.harmed=1) [data](data:text/html,<script>window.harmed=1</script>) [out](https://example.com/x)',
        '![tracker](https://evil.example/pixel.png)',
        'red \u001b[31malarm\u001b[0m and \u202egnirts\u202c',
        `| ${'wide | '.repeat(60)}\n|${'---|'.repeat(60)}\n${`| ${'cell | '.repeat(60)}\n`.repeat(300)}`,
        '```python\nprint("never closed")\n</code></pre><b onclick="window.harmed=1">bold</b>',
      ].join('\n\n');
      model.reply(answer(hostile));
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      const text = await editorText();
      const turn = await askAndHear('Be evil');
      const shown = turn.locator('.ved-Answer');
      expect(await shown.locator('script, img, iframe, form, input, style, [onclick], [onerror], svg, object').count()).to.equal(0);
      const links = await shown
        .locator('a')
        .evaluateAll((all) => all.map((link) => [link.getAttribute('href'), link.getAttribute('rel'), link.getAttribute('target')]));
      for (const [href, rel, target] of links) {
        expect(href).to.match(/^https:/);
        expect([rel, target]).to.deep.equal(['noopener noreferrer nofollow', '_blank']);
      }
      expect(await page.evaluate(() => Reflect.get(window, 'harmed'))).to.equal(undefined);
      expect(requests.filter((url) => !url.startsWith(server.url))).to.deep.equal([]);
      expect(await shown.textContent())
        .to.contain('<script>window.harmed')
        .and.not.match(/[\u001b\u202e]/);
      expect(await editorText()).to.equal(text);
      expect(await shown.evaluate((node) => node.scrollWidth <= node.clientWidth + 1)).to.equal(true);
      await screenshot(page, 'assistant-hostile');
      watched.check();
    });
  });

  exhaustive.describe('when an answer is nested too deeply', () => {
    it('shows it as plain text', async () => {
      await open();
      model.reply(answer(`${'> '.repeat(5000)}deep`));
      const turn = await askAndHear('Be deep');
      await turn.locator('.ved-Answer').getByText('deep').waitFor();
      watched.check();
    });
  });

  describe('when the page is reloaded', () => {
    it('still has the prompt that was being typed', async () => {
      await open();
      await prompt().fill('Half a thought');
      await page.reload();
      await page.locator('.monaco-editor .view-line').first().waitFor();
      await page.keyboard.press('Alt+4');
      await prompt().waitFor();
      expect(await prompt().inputValue()).to.equal('Half a thought');
      watched.check();
    });
  });

  for (const colorScheme of ['light', 'dark'] as const)
    exhaustive.describe(`in the ${colorScheme} theme`, () => {
      it('has no serious accessibility violations, and shows the log', async () => {
        await open({ colorScheme, expected: [/^http 400 \/api\/llm\/stream$/] });
        model.reply(answer(`${REPLY}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quoted, with [a link](https://example.com)`));
        await askAndHear('What is wrong here?');
        await (await ask('the password')).getByRole('alert').waitFor();
        expect(await seriousViolations(page, '#ved-assistant')).to.deep.equal([]);
        await screenshot(page, `assistant-${colorScheme}`);
        await page.getByRole('button', { name: /today$/ }).click();
        const log = page.locator('#ved-assistant-log');
        await log.getByRole('button', { name: 'What is wrong here?' }).first().click();
        await log.getByText('That is all.').waitFor();
        expect(await log.getByText('⊘ rejected').count()).to.be.greaterThan(0);
        expect(await seriousViolations(page, '#ved-assistant-log')).to.deep.equal([]);
        await screenshot(page, `assistant-log-${colorScheme}`);
        watched.check();
      });
    });

  describe('for a viewer', () => {
    exhaustive.it('shows only the log, without a prompt', async () => {
      watched = await pages.take({ viewport: viewports.laptop });
      page = watched.page;
      await openWorkspace(page, await server.signIn('mo1', '2viewer'));
      await page.getByRole('button', { name: /today$/ }).click();
      const log = page.locator('#ved-assistant-log');
      await log.getByLabel('User').selectOption('ed1');
      await log.getByRole('button', { name: 'What is wrong here?', exact: true }).first().waitFor();
      expect(await panel().count()).to.equal(0);
      expect(await page.getByRole('textbox', { name: 'Prompt' }).count()).to.equal(0);
      await page.getByRole('menuitem', { name: 'Assistant' }).click();
      expect(await page.getByRole('menuitem', { name: 'Ask the Assistant' }).count()).to.equal(0);
      watched.check();
    });
  });

  describe('on a server without a key', () => {
    exhaustive.it('says which variable to set', async () => {
      const bare = await startPageServer();
      try {
        watched = await pages.take({ viewport: viewports.laptop });
        page = watched.page;
        await openWorkspace(page, await bare.signIn('ed1', '1editor'));
        await page.getByRole('menuitem', { name: 'Assistant' }).click();
        await page.getByRole('menuitem', { name: 'Ask the Assistant' }).click();
        await panel().getByText('Set OPENROUTER_API_KEY').waitFor();
        expect(await prompt().count()).to.equal(0);
        await screenshot(page, 'assistant-no-key');
        watched.check();
      } finally {
        await bare.stop();
      }
    });
  });
});
