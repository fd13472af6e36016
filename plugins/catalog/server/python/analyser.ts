/**
 * Analyses Python text with CPython in child processes, so that a large or
 * hostile text can neither block requests nor use the server's memory. They
 * start ahead of the first save and end when idle. A text that is too much for
 * CPython can still be saved, with a diagnostic that says so.
 */
import type { Diagnostic, Import } from '@ved/catalog/contract';
import type { PluginContext } from '@ved/core/server';
import { plainDocstring } from './docstring.ts';
import { textFingerprint } from './fingerprint.ts';
import { OutOfTime } from './interpreter.ts';
import { InterpreterPool, type TimeLimits } from './interpreter-pool.ts';

export interface Analysis {
  /** As Python sees it, before cleaning; null when there is none. */
  readonly docstring: string | null;
  /** Why the text does not compile; empty when it does. */
  readonly diagnostics: Diagnostic[];
}

/**
 * The longest that a save waits. `answerMs` counts the interpreter's own processor time, so that a busy machine does not
 * change the result; a program of 1 MiB takes a second or two. An interpreter starts in a second or two; `waitMs` is much
 * longer, because a slow start says nothing about the text.
 */
const SAVE_LIMITS: TimeLimits = { waitMs: 60_000, answerMs: 5_000 };
/** A merge needs more work, and people merge less often. */
const MERGE_LIMITS: TimeLimits = { waitMs: 60_000, answerMs: 15_000 };

const OUT_OF_TIME = 'Python could not check this program in time. It may have errors that are not shown.';
const TOO_MUCH = 'The program is too large or too deeply nested for Python to compile it.';
const NOT_ASKED = 'Python could not be started to check this program. It may have errors that are not shown.';

export class PythonAnalyser {
  private readonly interpreters = new InterpreterPool();

  constructor(private readonly log: PluginContext['log']) {}

  /** Docstring and syntax errors. `person` never waits for another person's analyses. Never throws, whatever the text is. */
  async analyse(content: string, person: string): Promise<Analysis> {
    let docstring: string | null | undefined;
    try {
      const { value } = await this.interpreters.ask(person, { kind: 'analyse', content }, SAVE_LIMITS, (found) => {
        docstring = found;
      });
      const problems = value as [number, number, string][];
      return { docstring: docstring ?? null, diagnostics: problems.map(([line, column, message]) => ({ line, column, message })) };
    } catch (error) {
      this.log.warn({ err: error }, 'could not check a text');
      // Once it sent the docstring, it was running, so the text was too much for it.
      const message = error instanceof OutOfTime ? OUT_OF_TIME : docstring === undefined ? NOT_ASKED : TOO_MUCH;
      return {
        docstring: docstring === undefined ? plainDocstring(content) : docstring,
        diagnostics: [{ line: 1, column: 1, message }],
      };
    }
  }

  /** Equal for two texts that are the same program. Never throws, whatever the text is. */
  async fingerprint(content: string, person: string): Promise<string> {
    try {
      const { value, maker } = await this.interpreters.ask(person, { kind: 'fingerprint', content }, MERGE_LIMITS);
      return value === null ? textFingerprint(content) : `${maker}:${value as string}`;
    } catch (error) {
      this.log.warn({ err: error }, 'could not fingerprint a text as a program');
      return textFingerprint(content);
    }
  }

  /** The imports that a text needs; null when the analysis failed. Never throws, whatever the text is. */
  async imports(content: string, person: string): Promise<Import[] | null> {
    try {
      const { value } = await this.interpreters.ask(person, { kind: 'imports', content }, SAVE_LIMITS);
      return (value as [string, number, boolean][]).map(([module, line, isStandard]) => ({ module, line, isStandard }));
    } catch (error) {
      this.log.warn({ err: error }, 'could not read the imports of a text');
      return null;
    }
  }

  /** Starts an interpreter ahead of the first request, or keeps the existing one alive. */
  warm(): void {
    this.interpreters.warm();
  }

  stop(): Promise<void> {
    return this.interpreters.stop();
  }
}
