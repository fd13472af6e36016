/** Resolves a request with the catalog: which script, which version, which text is sent. */
import { createHash } from 'node:crypto';
import type { CatalogService, ScriptAtVersion } from '@ved/catalog/contract';
import type { CompletionRequest, Message } from '../contract/index.ts';
import { buildMessages, type PromptContext } from './prompt-builder.ts';

export interface Question {
  readonly username: string;
  readonly scriptId: number | null;
  readonly scriptVersionId: number | null;
  readonly prompt: string;
  readonly context: PromptContext | null;
  readonly messages: readonly Message[];
}

function titleOf(script: ScriptAtVersion): string {
  return `${(script.ordering / 100).toFixed(2)} ${script.descriptiveName}`;
}

/** The text to send: what the person sees when the request has it, else the version's own. */
function contextOf(code: string | undefined, script: ScriptAtVersion | null): PromptContext | null {
  const text = code ?? script?.content ?? '';
  return text === '' ? null : { title: script === null ? null : titleOf(script), code: text };
}

/** Throws NotFound for an unknown script or version, TooLarge when there is too much to send. */
export async function readQuestion(catalog: CatalogService, request: CompletionRequest, username: string): Promise<Question> {
  const script = request.script_id === undefined ? null : await catalog.atVersion(request.script_id, request.script_version_id);
  const context = contextOf(request.context_code, script);
  return {
    username,
    scriptId: script?.scriptId ?? null,
    scriptVersionId: script?.version.id ?? request.script_version_id ?? null,
    prompt: request.prompt,
    context,
    messages: buildMessages(request.prompt, context),
  };
}

/** What the log stores of the context: enough to prove which text it was, without storing it twice. */
export function fingerprint(context: PromptContext | null): { sha256: string | null; bytes: number | null } {
  if (context === null) return { sha256: null, bytes: null };
  return { sha256: createHash('sha256').update(context.code).digest('hex'), bytes: Buffer.byteLength(context.code) };
}
