/**
 * Runs state classes of the browser halves in Node, against a real server. What
 * they use of a browser is replaced by the same of Node: `fetch` takes paths and
 * sends a person's session, and frames come from a timer.
 */
import { LiveEventConnection } from '../../core/browser/live/live-events.ts';
import type { Agent } from './agent.ts';

/** Gives `fetch` a page's address and session; other URLs are fetched as before. Returns a function that undoes it. */
export function fetchAs(agent: Agent): () => void {
  const before = [globalThis.fetch, globalThis.requestAnimationFrame, globalThis.cancelAnimationFrame] as const;
  const [fetchUrl] = before;
  globalThis.fetch = (input, init) =>
    typeof input === 'string' && input.startsWith('/') ? agent.fetch(input, init) : fetchUrl(input, init);
  globalThis.requestAnimationFrame = (callback) => Number(setTimeout(() => callback(performance.now())));
  globalThis.cancelAnimationFrame = (frame) => clearTimeout(frame);
  return () => {
    [globalThis.fetch, globalThis.requestAnimationFrame, globalThis.cancelAnimationFrame] = before;
  };
}

/** As much of a signal as is used here. */
interface AnySignal {
  connect(slot: () => void): boolean;
  disconnect(slot: () => void): boolean;
}

export interface StatePage {
  /** Connected, and delivers every event since the page was opened. */
  readonly live: LiveEventConnection;
  close(): void;
}

/** What the workspace sets up before its plugins start. */
export async function openStatePage(agent: Agent): Promise<StatePage> {
  const { status, body } = await agent.get('/api/workspace/boot');
  if (status !== 200) throw new Error(`the workspace was refused: ${JSON.stringify(body)}`);
  const restore = fetchAs(agent);
  const live = new LiveEventConnection(body.last_event_id);
  void live.run();
  return {
    live,
    close: () => {
      live.stop();
      restore();
    },
  };
}

/**
 * Delivers the next response to a path late, as a network may. `reached` resolves when
 * it has arrived; `letGo` hands it to the page.
 */
export function delayNextAnswer(path: string): { readonly reached: Promise<void>; letGo(): void } {
  const pageFetch = globalThis.fetch;
  let letGo: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    globalThis.fetch = async (input, init) => {
      if (input !== path) return pageFetch(input, init);
      globalThis.fetch = pageFetch;
      const response = await pageFetch(input, init);
      resolve();
      await released;
      return response;
    };
  });
  return { reached, letGo };
}

/** Resolves once a condition holds, which is checked now and whenever the signal is emitted. */
export function until(signal: AnySignal, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (!holds()) return;
      signal.disconnect(check);
      resolve();
    };
    signal.connect(check);
    check();
  });
}
