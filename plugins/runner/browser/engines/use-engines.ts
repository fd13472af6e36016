/** The current engines, for React components. */
import type { LiveEvents } from '@ved/core/browser';
import type { Engines } from '@ved/runner/contract';
import { useEffect, useState } from 'react';
import { EngineModel } from './engine-model.ts';

/** Null until the server has answered. */
export function useEngines(live: LiveEvents): Engines | null {
  const [engines, setEngines] = useState<Engines | null>(null);
  useEffect(() => {
    const model = new EngineModel(live);
    model.changed.connect(() => setEngines(model.engines));
    return () => model.dispose();
  }, [live]);
  return engines;
}
