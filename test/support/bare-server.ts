/** A server in its own process that only answers: its response time is the machine's, including other load. */
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
