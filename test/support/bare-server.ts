/** A server in a process of its own that does nothing but answer: what it takes is what the machine takes, with whatever else it does meanwhile. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const PROGRAM = `require('node:http').createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1', function () {
  process.stdout.write('http://127.0.0.1:' + this.address().port);
})`;

export async function startBareServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = await once(child.stdout, 'data');
  return {
    url: String(url),
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
