/** Turns what a person asks for into what the queue takes: finds the text, checks the sizes, refuses what cannot be. */
import { type CatalogService, CONTENT_LIMIT_BYTES, type ScriptAtVersion, TEST_DATA_LIMIT_BYTES } from '@ved/catalog/contract';
import { InvalidInput, TooLarge, Unprocessable } from '@ved/core/contract';
import type { Limits, OnFailure, Source } from '@ved/runner/contract';
import { asksForPackages } from './interpreters/script-block.ts';
import type { NewPass, NewRun } from './scheduler/run-queue.ts';

/** The optional members of a request for one run, as the contract names them. */
export interface RunWish {
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
  async run(scriptId: number, wish: RunWish, startedBy: string): Promise<NewRun> {
    const input = wish.test_data === undefined ? null : testDataBytes(wish.test_data);
    const draft = draftBytes(wish);
    const { script, source } = await this.find(scriptId, wish);
    const code = draft ?? Buffer.from(script.content, 'utf8');
    const unsaved = draft !== null && !draft.equals(Buffer.from(script.content, 'utf8'));
    return this.toRun(script, input, { source, unsaved, code, startedBy, wantedInterpreter: wish.interpreter ?? null });
  }

  async pass(wish: { test_data?: string | undefined; on_failure?: OnFailure | undefined }, startedBy: string): Promise<NewPass> {
    const input = wish.test_data === undefined ? null : testDataBytes(wish.test_data);
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
    return { startedBy, onFailure: wish.on_failure ?? 'continue', runs };
  }

  private async find(scriptId: number, wish: RunWish): Promise<{ script: ScriptAtVersion; source: Source }> {
    if (wish.source === 'draft') return { script: await this.catalog.atVersion(scriptId, wish.version_id), source: 'draft' };
    const onProd = await this.catalog.onProd(scriptId);
    if (wish.version_id !== undefined && wish.version_id !== onProd?.version.id) {
      const script = await this.catalog.atVersion(scriptId, wish.version_id);
      if (wish.source === undefined) return { script, source: 'draft' };
      throw notOnProd(scriptId, `Version ${labelOf(script)} of script ${scriptId} is not what prod runs`);
    }
    if (onProd === null) throw notOnProd(scriptId, `Script ${scriptId} is not on prod yet`);
    return { script: onProd, source: 'prod' };
  }

  /** Without test data it is given the script's own. */
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
  throw new TooLarge(
    'runner/test-data-too-large',
    `The test data are ${bytes.byteLength} bytes; at most ${TEST_DATA_LIMIT_BYTES} are taken.`,
  );
}

function draftBytes(wish: RunWish): Buffer | null {
  if (wish.content === undefined) return null;
  if (wish.source !== 'draft') {
    throw new InvalidInput('runner/content-needs-draft', 'Text can be run only as a draft: send "source": "draft" with "content".');
  }
  const bytes = utf8Bytes('The text', wish.content);
  if (bytes.byteLength <= CONTENT_LIMIT_BYTES) return bytes;
  throw new TooLarge('runner/content-too-large', `The text is ${bytes.byteLength} bytes; at most ${CONTENT_LIMIT_BYTES} are taken.`);
}

/** What runs, and what its hash is of, must be what was sent: half a character would silently become another. */
function utf8Bytes(what: string, text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8');
  throw new Unprocessable('runner/bad-text', `${what} holds half of a character (a lone surrogate), which UTF-8 cannot hold. Remove it.`);
}
