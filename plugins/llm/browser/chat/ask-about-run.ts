/**
 * Asks the assistant about a failed run: its error, the end of its output and the
 * text that ran, in the conversation of its script, whichever tab is in front and
 * however the script has changed since.
 */
import { type Catalog, scriptName, statusWords } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';
import type { Assistant } from '@ved/llm/contract';
import { type Execution, runnerRoutes } from '@ved/runner/contract';

const client = createClient(runnerRoutes);

/** Characters from the end of each stream; a traceback is there. */
const OUTPUT_LENGTH = 4000;

export async function askAboutRun(parts: { assistant: Assistant; catalog: Catalog }, runId: number): Promise<void> {
  const params = { id: runId };
  const [run, { content }] = await Promise.all([client.getRun({ params }), client.getRunCode({ params })]);
  await parts.catalog.ready;
  const script = parts.catalog.find(run.script_id);
  const version = `v${run.version_label}${run.unsaved ? ' with unsaved changes' : ''}`;
  parts.assistant.suggestPrompt(questionAbout(run, version), {
    scriptId: run.script_id,
    scriptName: script ? scriptName(script) : `Script ${run.script_id}`,
    scriptExists: script !== undefined,
    versionId: run.script_version_id,
    code: content,
    codeName: `the text of run ${run.id} (${version})`,
  });
}

function questionAbout(run: Execution, version: string): string {
  const error = run.error_line ?? run.reason ?? statusWords(run.status).word;
  const parts = [`Run ${run.id} of this script (${version}) fails with:\n\n${error}`];
  for (const [name, text] of [
    ['stderr', run.stderr],
    ['stdout', run.stdout],
  ] as const) {
    const shown = endOf(text);
    // An error without a traceback is the output itself.
    if (shown !== '' && shown !== error) parts.push(`The end of its ${name}:\n\n${fenced(shown)}`);
  }
  return [...parts, 'What is wrong, and how do I fix it?'].join('\n\n');
}

/** Whole lines from the end, without terminal escapes. */
function endOf(text: string): string {
  const plain = text.replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|.)?/g, '').trimEnd();
  if (plain.length <= OUTPUT_LENGTH) return plain;
  const end = plain.slice(-OUTPUT_LENGTH);
  return `…\n${end.slice(end.indexOf('\n') + 1)}`.toWellFormed();
}

/** A fence that the text cannot close. */
function fenced(text: string): string {
  const longest = (text.match(/`{3,}/g) ?? []).reduce((length, run) => Math.max(length, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
