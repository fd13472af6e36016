/** Filters the log by person and by script. */
import { type Catalog, scriptName } from '@ved/catalog/contract';
import { createClient, useLoaded } from '@ved/core/browser';
import { useCallback } from 'react';
import { llmRoutes } from '../../contract/index.ts';
import type { LogFilter } from './use-log.ts';

const client = createClient(llmRoutes);

export interface LogFiltersProps {
  readonly catalog: Catalog;
  readonly filter: LogFilter;
  readonly onChange: (filter: LogFilter) => void;
}

export function LogFilters({ catalog, filter, onChange }: LogFiltersProps): JSX.Element {
  const load = useCallback((signal: AbortSignal) => client.usage({ query: { by: 'user' } }, { signal }), []);
  const users = useLoaded(load);
  return (
    <div className="ved-AssistantLog-filters" role="toolbar" aria-label="Log filters">
      <label>
        Script{' '}
        <select
          className="jp-mod-styled"
          value={filter.script ?? ''}
          onChange={({ target }) => onChange({ ...filter, script: target.value === '' ? undefined : Number(target.value) })}
        >
          <option value="">All</option>
          {catalog.scripts.map((script) => (
            <option key={script.id} value={script.id}>
              {scriptName(script)}
            </option>
          ))}
        </select>
      </label>
      <label>
        User{' '}
        <select
          className="jp-mod-styled"
          value={filter.user ?? ''}
          onChange={({ target }) => onChange({ ...filter, user: target.value === '' ? undefined : target.value })}
        >
          <option value="">Everyone</option>
          {users.state === 'ready' && users.value.map((row) => <option key={row.key}>{row.key}</option>)}
        </select>
      </label>
    </div>
  );
}
