/** The limits of the engine in use, for someone who has not run the script yet. */
import type { LiveEvents } from '@ved/core/browser';
import { useEngines } from './use-engines.ts';

export function EngineLimits({ live }: { readonly live: LiveEvents }): JSX.Element | null {
  const active = useEngines(live)?.engines.find((engine) => engine.active);
  if (!active) return null;
  return (
    <>
      Scripts run on {active.id}, {active.interpreter}:
      <ul className="ved-EngineLimits" aria-label={`Limits of ${active.id}`}>
        {active.limitations.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </>
  );
}
