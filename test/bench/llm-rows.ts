/** The row about the assistant: the overhead of proxying a model's answer, with the question durable before it is sent. */
import { join } from 'node:path';
import { openDatabase } from '@ved/core/server';
import { Agent } from '../support/agent.ts';
import { answer, startModelServer } from '../support/model-server.ts';
import { startServerProcess, temporaryDataDir } from '../support/server-process.ts';
import { median, quantile } from '../support/statistics.ts';
import { inTurns, type Measurement, type Row, timed } from './row.ts';

const ROUNDS = 300;
/** The first questions open connections and load libraries; for some hundreds, both sides' code is still being compiled. */
const WARM_UP = 300;

/** Asks and waits for the first chunk of text; reads the rest so that the connection can be reused. */
async function firstToken(url: string, headers: Record<string, string>, body: object): Promise<number> {
  const startedMs = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const decoder = new TextDecoder();
  let text = '';
  let elapsedMs = 0;
  for await (const bytes of response.body!) {
    text += decoder.decode(bytes, { stream: true });
    if (elapsedMs === 0 && text.includes('"Hello"')) elapsedMs = performance.now() - startedMs;
  }
  if (elapsedMs === 0) throw new Error(`no text was received from ${url}: ${text.slice(0, 300)}`);
  return elapsedMs;
}

/** Writes a question's row to a separate database, as durably as ved does and as simply as possible. */
async function durableCommits(file: string): Promise<{ insert(prompt: string): Promise<unknown>; close(): Promise<void> }> {
  const db = openDatabase(file);
  await db.raw('CREATE TABLE questions (id INTEGER PRIMARY KEY, asked_at TEXT, username TEXT, prompt TEXT)');
  return {
    insert: (prompt) =>
      db.raw('INSERT INTO questions (asked_at, username, prompt) VALUES (?, ?, ?)', [new Date().toISOString(), 'ed1', prompt]),
    close: () => db.destroy(),
  };
}

async function measureProxy(): Promise<Measurement> {
  const data = temporaryDataDir();
  const model = await startModelServer();
  for (let question = 0; question < 2 * (ROUNDS + WARM_UP); question++) model.reply(answer(['Hello', ' there']));
  const server = await startServerProcess(data.dataDir, { OPENROUTER_API_KEY: 'bench', OPENROUTER_BASE_URL: model.baseUrl });
  const commits = await durableCommits(join(data.dataDir, 'baseline.sqlite'));
  try {
    const agent = new Agent(server.url);
    await agent.post('/api/auth/login', { username: 'ed1', password: '1editor' });
    const asked = { prompt: 'Hello?', context_code: 'print(1)\n'.repeat(200) };
    const direct = { model: 'bench', stream: true, messages: [{ role: 'user', content: `${asked.context_code}${asked.prompt}` }] };
    const ours: number[] = [];
    const theirs: number[] = [];
    const durable: number[] = [];
    await inTurns(
      ROUNDS + WARM_UP,
      async () => ours.push(await firstToken(`${server.url}/api/llm/stream`, { Cookie: agent.cookie }, asked)),
      async () => {
        const committed = await timed(() => commits.insert(asked.prompt));
        durable.push(committed);
        theirs.push(committed + (await firstToken(`${model.baseUrl}/chat/completions`, {}, direct)));
      },
    );
    const [through, straight, commit] = [ours.slice(WARM_UP), theirs.slice(WARM_UP), durable.slice(WARM_UP)];
    return {
      ved: median(through),
      baseline: median(straight),
      unit: 'ms',
      value: median(through) - median(straight),
      more: { p95_through: quantile(through, 0.95), p95_baseline: quantile(straight, 0.95), commit: median(commit) },
    };
  } finally {
    await commits.close();
    await server.stop();
    await model.stop();
    data.remove();
  }
}

export const llmRows: Row[] = [
  {
    id: 'model-proxy',
    what: 'model proxy, added latency to the first token, question durable first, in milliseconds',
    baseline: 'direct to the upstream, plus one durable SQLite commit',
    reach: { atMost: 1 },
    measure: measureProxy,
  },
];
