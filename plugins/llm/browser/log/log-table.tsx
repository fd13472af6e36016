/** A page of the log as a table; a row expands to the full prompt and answer. */
import { RelativeTime } from '@ved/core/browser';
import { Fragment, useState } from 'react';
import type { Interaction } from '../../contract/index.ts';
import { AnswerView } from '../answers/answer-view.tsx';
import { costText, latencyText, sizeText } from '../cost-text.ts';

const STATUS: Readonly<Record<Interaction['status'], string>> = {
  running: '… running',
  completed: '✓ completed',
  cut: '✂ cut off at the length limit',
  rejected: '⊘ rejected',
  failed: '✗ failed',
  cancelled: '■ cancelled',
};

const COLUMNS = ['Time', 'User', 'Script', 'Prompt', 'Status', 'Model', 'Tokens', 'Cost', 'Latency'] as const;

function classOf(column: string): string {
  return `ved-mod-${column.toLowerCase()}`;
}

export interface LogTableProps {
  readonly interactions: readonly Interaction[];
  readonly nameOf: (scriptId: number) => string;
  /** The interaction that is expanded at first; null for none. */
  readonly opened: number | null;
}

export function LogTable({ interactions, nameOf, opened }: LogTableProps): JSX.Element {
  const [open, setOpen] = useState(opened);
  return (
    <table className="ved-AssistantLog-table">
      <thead>
        <tr>
          {COLUMNS.map((column) => (
            <th key={column} scope="col" className={classOf(column)}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {interactions.map((interaction) => (
          <Fragment key={interaction.id}>
            <Row
              interaction={interaction}
              script={interaction.script_id === null ? '' : nameOf(interaction.script_id)}
              isOpen={open === interaction.id}
              onToggle={() => setOpen(open === interaction.id ? null : interaction.id)}
            />
            {open === interaction.id && <Details interaction={interaction} />}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly interaction: Interaction;
  readonly script: string;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Row({ interaction, script, isOpen, onToggle }: RowProps): JSX.Element {
  return (
    <tr className={isOpen ? 'ved-mod-open' : undefined}>
      <td>
        <RelativeTime time={interaction.created_at} />
      </td>
      <td>{interaction.username}</td>
      <td className="ved-AssistantLog-name" title={script}>
        {script}
      </td>
      <td className="ved-AssistantLog-prompt">
        <button type="button" aria-expanded={isOpen} onClick={onToggle}>
          {interaction.prompt}
        </button>
      </td>
      <td className={`ved-mod-${interaction.status}`}>{STATUS[interaction.status]}</td>
      <td className="ved-AssistantLog-name ved-mod-model" title={interaction.model_id}>
        {interaction.model_id === 'none' ? '–' : interaction.model_id}
      </td>
      <td className="ved-mod-tokens">{tokensText(interaction)}</td>
      <td className="ved-mod-cost">{interaction.cost_usd === null ? '–' : costText(interaction.cost_usd)}</td>
      <td className="ved-mod-latency">{interaction.latency_ms === 0 ? '–' : latencyText(interaction.latency_ms)}</td>
    </tr>
  );
}

function Details({ interaction }: { readonly interaction: Interaction }): JSX.Element {
  return (
    <tr className="ved-AssistantLog-details">
      <td colSpan={COLUMNS.length}>
        <h3>Prompt</h3>
        <div className="ved-Turn-prompt">{interaction.prompt}</div>
        <h3>Answer</h3>
        <AnswerView text={interaction.response_text || 'No answer.'} />
        <p className="ved-Turn-facts">{factsText(interaction)}</p>
      </td>
    </tr>
  );
}

function tokensText({ prompt_tokens, completion_tokens }: Interaction): string {
  return prompt_tokens === null && completion_tokens === null ? '–' : `${prompt_tokens ?? '?'} + ${completion_tokens ?? '?'}`;
}

function factsText(interaction: Interaction): string {
  const { context_bytes, context_sha256, first_token_ms, latency_ms, script_version_id } = interaction;
  const facts = [
    `interaction ${interaction.id}`,
    interaction.model_id === 'none' ? 'no model' : interaction.model_id,
    context_bytes === null ? 'no script' : `script of ${sizeText(context_bytes)}, SHA-256 ${context_sha256?.slice(0, 12)}…`,
  ];
  if (script_version_id !== null) facts.push(`version id ${script_version_id}`);
  if (latency_ms > 0) facts.push(`${tokensText(interaction)} tokens in ${latencyText(latency_ms)}`);
  if (first_token_ms !== null) facts.push(`first token after ${latencyText(first_token_ms)}`);
  return facts.join(' · ');
}
