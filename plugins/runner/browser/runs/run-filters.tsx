/** Filters for the list of runs: by script, status, person, and prod or drafts. */
import { RunStatus, statusWords } from '@ved/catalog/contract';
import { Source } from '@ved/runner/contract';
import { RunFilter } from './run-filter.ts';

const SOURCES: Record<Source, string> = { prod: 'prod', draft: 'drafts' };

export interface RunFiltersProps {
  readonly filter: RunFilter;
  /** The script of the editor last in use; null when there is none. */
  readonly currentScriptId: number | null;
  readonly starters: readonly string[];
  nameOf(scriptId: number): string;
  onFilter(filter: RunFilter): void;
}

export function RunFilters({ filter, currentScriptId, starters, nameOf, onFilter }: RunFiltersProps): JSX.Element {
  const scripts = [...new Set([currentScriptId, filter.script])].filter((id) => id !== null && id !== undefined);
  const people = [...new Set([...starters, filter.started_by])].filter((name) => name !== undefined);
  // Values in the page are strings; the schema turns them back into a filter.
  const choose = (member: keyof RunFilter, value: string | number | undefined) => onFilter(RunFilter.parse({ ...filter, [member]: value }));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a grid everywhere
    <div className="ved-Runs-filters" role="group" aria-label="Filter runs">
      <Choice
        label="Filter by script"
        any="All scripts"
        value={filter.script}
        options={scripts.map((id) => [id, id === currentScriptId ? `This script: ${nameOf(id)}` : nameOf(id)])}
        onChange={(value) => choose('script', value === undefined ? undefined : Number(value))}
      />
      <Choice
        label="Filter by status"
        any="Any status"
        value={filter.status}
        options={RunStatus.options.map((status) => [status, `${statusWords(status).icon} ${statusWords(status).word}`])}
        onChange={(value) => choose('status', value)}
      />
      <Choice
        label="Filter by person"
        any="Anyone"
        value={filter.started_by}
        options={people.map((name) => [name, name])}
        onChange={(value) => choose('started_by', value)}
      />
      <Choice
        label="Filter by source"
        any="Any source"
        value={filter.source}
        options={Source.options.map((source) => [source, `Only ${SOURCES[source]}`])}
        onChange={(value) => choose('source', value)}
      />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  /** The option for no filter. */
  readonly any: string;
  readonly value: string | number | undefined;
  readonly options: readonly (readonly [value: string | number, text: string])[];
  onChange(value: string | undefined): void;
}

function Choice({ label, any, value, options, onChange }: ChoiceProps): JSX.Element {
  return (
    <select
      aria-label={label}
      title={label}
      className={value === undefined ? '' : 'ved-mod-chosen'}
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
    >
      <option value="">{any}</option>
      {options.map(([each, text]) => (
        <option key={each} value={each}>
          {text}
        </option>
      ))}
    </select>
  );
}
