/** A page on a server with the Node engine, whose connection can be lost, and scripts that wait for the test. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Agent } from '../../../../test/support/agent.ts';
import { startDoor } from '../../../../test/support/door.ts';
import { openStatePage, type StatePage, until } from '../../../../test/support/page-fetch.ts';
import { type RunnerServer, startRunnerServer } from './runner-server.ts';

export interface PageOfRuns extends RunnerServer {
  /** The page of the viewer. */
  readonly page: StatePage;
  /** JavaScript that waits at its top level until `letGo` is called. */
  readonly waiting: string;
  /** Lets every script go on that waits now, or starts to wait later. */
  letGo(): void;
  /** Makes scripts wait again. */
  holdAgain(): void;
  /** Breaks the connection; resolves when the page has noticed. */
  loseConnection(): Promise<void>;
  restoreConnection(): Promise<void>;
  stop(): Promise<void>;
}

export async function openPageOfRuns(env: Readonly<Record<string, string>> = {}): Promise<PageOfRuns> {
  const ved = await startRunnerServer(env);
  const door = await startDoor({ port: ved.server.port, host: '127.0.0.1' });
  const viewer = new Agent(door.url);
  await viewer.post('/api/auth/login', { username: 'mo1', password: '2viewer' });
  const page = await openStatePage(viewer);
  const gate = await startGate();
  return {
    ...ved,
    page,
    ...gate,
    loseConnection: async () => {
      await door.shut();
      await until(page.live.stateChanged, () => page.live.retryAt !== null);
    },
    restoreConnection: async () => {
      await door.open();
      page.live.retryNow();
    },
    stop: async () => {
      page.close();
      await door.shut();
      await ved.server.stop();
      await gate.close();
    },
  };
}

/** A server whose connections stay open until the test wants scripts to go on. */
async function startGate() {
  const held = new Set<Socket>();
  let isOpen = false;
  const server = createServer((socket) => {
    held.add(socket);
    // Killed scripts reset their connections.
    socket.on('error', () => undefined).on('close', () => held.delete(socket));
    if (isOpen) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const letGo = () => {
    isOpen = true;
    for (const socket of held) socket.destroy();
  };
  return {
    waiting: `await import('node:net').then(({ connect }) => new Promise((done) => connect(${port}, '127.0.0.1').resume().on('close', done)));`,
    letGo,
    holdAgain: () => {
      isOpen = false;
    },
    close: async () => {
      letGo();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
