/** Says what a run waits for: its turn, the pass before it, or an engine. */
import type { LiveEvents } from '@ved/core/browser';
import type { Engines, RunListItem } from '@ved/runner/contract';
import { useEffect, useState } from 'react';
import { EngineModel } from '../engines/engine-model.ts';

export function WaitingNote({ run, live }: { run: RunListItem; live: LiveEvents }): JSX.Element {
  const engines = useEngines(live);
  const missing = engines !== null && engines.active === null;
  return (
    <p className="ved-Output-note" role="status">
      {run.reason ?? (missing ? `It waits for something to run on. ${engines.why}` : 'It waits for its turn.')}
    </p>
  );
}

function useEngines(live: LiveEvents): Engines | null {
  const [engines, setEngines] = useState<Engines | null>(null);
  useEffect(() => {
    const model = new EngineModel(live);
    model.changed.connect(() => setEngines(model.engines));
    return () => model.dispose();
  }, [live]);
  return engines;
}
