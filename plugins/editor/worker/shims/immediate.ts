/**
 * Node's `setImmediate` over a message channel. The browser delays nested timers
 * to 4 ms, and the JSON-RPC queue nests one per message.
 */
type Task = () => void;

const waiting = new Map<number, Task>();
const channel = new MessageChannel();
let lastId = 0;

channel.port1.onmessage = ({ data: id }: MessageEvent<number>) => {
  const task = waiting.get(id);
  waiting.delete(id);
  task?.();
};

export function setImmediate<A extends unknown[]>(callback: (...args: A) => void, ...args: A): number {
  const id = ++lastId;
  waiting.set(id, () => callback(...args));
  channel.port2.postMessage(id);
  return id;
}

export function clearImmediate(id: number): void {
  waiting.delete(id);
}
