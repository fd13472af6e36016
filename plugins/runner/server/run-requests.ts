/** Turns requests into runs for the queue: finds the text, checks sizes, refuses invalid ones. */
import { type CatalogService, CONTENT_LIMIT_BYTES, type ScriptAtVersion, TEST_DATA_LIMIT_BYTES } from '@ved/catalog/contract';
import { InvalidInput, TooLarge, Unprocessable } from '@ved/core/contract';
import type { Limits, OnFailure, Source } from '@ved/runner/contract';
import { asksForPackages } from './interpreters/script-block.ts';
import type { NewPass, NewRun } from './scheduler/run-queue.ts';

/** The optional members of a request for one run. */
export interface RunRequest {
  readonly test_data?: string | undefined;
  readonly source?: Source | undefined;
  readonly version_id?: number | undefined;
  readonly content?: string | undefined;
  readonly interpreter?: string | undefined;
}

export class RunRequests {
  constructor(
    private readonly catalog: CatalogService,
    private readonly limits: Limits,
  ) {}

  /** Throws InvalidInput, TooLarge, Unprocessable, or NotFound for an unknown script or version. */
  async run(scriptId: number, request: RunRequest, startedBy: string): Promise<NewRun> {
    const input = request.test_data === undefined ? null : testDataBytes(request.test_data);
    const draft = draftBytes(request);
    const { script, source } = await this.find(scriptId, request);
    const code = draft ?? Buffer.from(script.content, 'utf8');
    const unsaved = draft !== null && !draft.equals(Buffer.from(script.content, 'utf8'));
    return this.toRun(script, input, { source, unsaved, code, startedBy, wantedInterpreter: request.interpreter ?? null });
  }

  async pass(request: { test_data?: string | undefined; on_failure?: OnFailure | undefined }, startedBy: string): Promise<NewPass> {
    const input = request.test_data === undefined ? null : testDataBytes(request.test_data);
    const scripts = await this.catalog.allOnProd();
    const runs = scripts.map((script) =>
      this.toRun(script, input, {
        source: 'prod',
        unsaved: false,
        code: Buffer.from(script.content, 'utf8'),
        startedBy,
        wantedInterpreter: null,
      }),
    );
    return { startedBy, onFailure: request.on_failure ?? 'continue', runs };
  }

  private async find(scriptId: number, request: RunRequest): Promise<{ script: ScriptAtVersion; source: Source }> {
    if (request.source === 'draft') return { script: await this.catalog.atVersion(scriptId, request.version_id), source: 'draft' };
    const onProd = await this.catalog.onProd(scriptId);
    if (request.version_id !== undefined && request.version_id !== onProd?.version.id) {
      const script = await this.catalog.atVersion(scriptId, request.version_id);
      if (request.source === undefined) return { script, source: 'draft' };
      throw notOnProd(scriptId, `Version ${labelOf(script)} of script ${scriptId} is not the one on prod`);
    }
    if (onProd === null) throw notOnProd(scriptId, `Script ${scriptId} is not on prod yet`);
    return { script: onProd, source: 'prod' };
  }

  /** Without test data it uses the script's own. */
  private toRun(
    script: ScriptAtVersion,
    testData: Buffer | null,
    what: Pick<NewRun, 'source' | 'unsaved' | 'code' | 'startedBy' | 'wantedInterpreter'>,
  ): NewRun {
    const own = Buffer.from(script.testData, 'utf8');
    return {
      ...what,
      input: testData ?? own,
      unsavedTestData: testData !== null && !testData.equals(own),
      scriptId: script.scriptId,
      versionId: script.version.id,
      ordering: script.ordering,
      descriptiveName: script.descriptiveName,
      versionLabel: labelOf(script),
      gitCommitHash: script.gitCommitHash,
      needsPackages: asksForPackages(what.code),
      limits: this.limits,
      interpreter: null,
    };
  }
}

function labelOf(script: ScriptAtVersion): string {
  return `${script.version.major}.${script.version.minor}`;
}

function notOnProd(scriptId: number, what: string): InvalidInput {
  return new InvalidInput('runner/not-on-prod', `${what}. Merge it to prod first, or run it with "source": "draft".`, {
    data: { script_id: scriptId },
  });
}

function testDataBytes(text: string): Buffer {
  const bytes = utf8Bytes('The test data', text);
  if (bytes.byteLength <= TEST_DATA_LIMIT_BYTES) return bytes;
  throw new TooLarge('runner/test-data-too-large', `The test data are ${bytes.byteLength} bytes; the limit is ${TEST_DATA_LIMIT_BYTES}.`);
}

function draftBytes(request: RunRequest): Buffer | null {
  if (request.content === undefined) return null;
  if (request.source !== 'draft') {
    throw new InvalidInput('runner/content-needs-draft', '"content" only runs as a draft. Send "source": "draft" with it.');
  }
  const bytes = utf8Bytes('The text', request.content);
  if (bytes.byteLength <= CONTENT_LIMIT_BYTES) return bytes;
  throw new TooLarge('runner/content-too-large', `The text is ${bytes.byteLength} bytes; the limit is ${CONTENT_LIMIT_BYTES}.`);
}

/** What runs and is hashed must be what was sent: encoding would silently replace half a character. */
function utf8Bytes(what: string, text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8');
  throw new Unprocessable(
    'runner/bad-text',
    `${what} contains half of a character (a lone surrogate), which UTF-8 cannot encode. Remove it.`,
  );
}
