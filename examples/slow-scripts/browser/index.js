/** Adds a badge to the row of each script that ran slower than usual. */
import { Signal } from '@lumino/signaling';
import { Scripts } from '@ved/catalog/contract';
import { createClient, LiveEvents } from '@ved/core/browser';
import { runChanged } from '@ved/runner/contract';
import { slowRoutes } from './routes.js';

const client = createClient(slowRoutes);

export default {
  id: 'slow:badges',
  description: 'Marks scripts that ran slower than usual.',
  autoStart: true,
  requires: [Scripts, LiveEvents],
  activate: (_app, scripts, live) => {
    const changed = new Signal({});
    let slow = new Map();
    const load = async () => {
      slow = new Map((await client.listSlow()).map((each) => [each.script_id, each]));
      changed.emit();
    };
    const reload = () => void load().catch((error) => console.warn('slow scripts could not be loaded', error));
    live.on(runChanged, ({ run }) => run.status === 'succeeded' && reload());
    live.resumed.connect(reload);
    reload();
    scripts.addRowBadges({ changed, of: (scriptId) => badgeOf(slow.get(scriptId)) });
  },
};

function badgeOf(slow) {
  if (!slow) return null;
  const words = `its last run took ${seconds(slow.last_ms)}, usually ${seconds(slow.usual_ms)}`;
  return { icon: '◔', word: 'slow', tone: 'bad', title: `Slow: ${words}`, spoken: `slow, ${words}` };
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
