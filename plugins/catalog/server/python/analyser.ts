/**
 * What the catalog asks about Python text. CPython answers, in child processes,
 * so that a large or hostile text can neither hold up requests nor take memory
 * of the server; they start ahead of the first save and end when idle. A text
 * that is too much for it is saved all the same, with a note that says so.
 */
import type { Diagnostic, Import } from '@ved/catalog/contract';
import type { PluginContext } from '@ved/core/server';
import { plainDocstring } from './docstring.ts';
import { textFingerprint } from './fingerprint.ts';
import { OutOfTime } from './interpreter.ts';
import { InterpreterPool, type Patience } from './interpreter-pool.ts';

export interface Analysis {
  /** As Python sees it, not yet cleaned; null when there is none. */
  readonly docstring: string | null;
  /** What stops the text from being compiled. */
  readonly diagnostics: Diagnostic[];
}

/**
 * A save is written after at most this: of the interpreter's own work, so that a busy machine changes no answer. A program of 1 MiB takes a second or two. An interpreter starts in a second
 * or two, which no text is to blame for: that a busy machine takes longer must not leave errors unseen.
 */
const SAVE_PATIENCE: Patience = { waitMs: 60_000, answerMs: 5_000 };
/** A merge asks for more, and people merge less often. */
const MERGE_PATIENCE: Patience = { waitMs: 60_000, answerMs: 15_000 };

const OUT_OF_TIME = 'Python could not check this program in time. It may hold errors that are not shown.';
const TOO_MUCH = 'The program is too large or too deeply nested for Python to compile it.';
const NOT_ASKED = 'Python could not be started to check this program. It may hold errors that are not shown.';

export class PythonAnalyser {
  private readonly interpreters = new InterpreterPool();

  constructor(private readonly log: PluginContext['log']) {}

  /** Docstring and syntax errors, asked by somebody who waits for nobody else's. Never throws for what the text is. */
  async analyse(content: string, person: string): Promise<Analysis> {
    let docstring: string | null | undefined;
    try {
      const { value } = await this.interpreters.ask(person, { kind: 'analyse', content }, SAVE_PATIENCE, (found) => {
        docstring = found;
      });
      const problems = value as [number, number, string][];
      return { docstring: docstring ?? null, diagnostics: problems.map(([line, column, message]) => ({ line, column, message })) };
    } catch (error) {
      this.log.warn({ err: error }, 'a text could not be checked');
      // Once it has said the docstring it was asked, and it is the text that was too much.
      const message = error instanceof OutOfTime ? OUT_OF_TIME : docstring === undefined ? NOT_ASKED : TOO_MUCH;
      return {
        docstring: docstring === undefined ? plainDocstring(content) : docstring,
        diagnostics: [{ line: 1, column: 1, message }],
      };
    }
  }

  /** Equal for two texts when they are the same program. Never throws for what the text is. */
  async fingerprint(content: string, person: string): Promise<string> {
    try {
      const { value, maker } = await this.interpreters.ask(person, { kind: 'fingerprint', content }, MERGE_PATIENCE);
      return value === null ? textFingerprint(content) : `${maker}:${value as string}`;
    } catch (error) {
      this.log.warn({ err: error }, 'a text could not be compared as a program');
      return textFingerprint(content);
    }
  }

  /** What a text imports and is not prepared to do without; null when Python could not say. Never throws for what the text is. */
  async imports(content: string, person: string): Promise<Import[] | null> {
    try {
      const { value } = await this.interpreters.ask(person, { kind: 'imports', content }, SAVE_PATIENCE);
      return (value as [string, number, boolean][]).map(([module, line, isStandard]) => ({ module, line, isStandard }));
    } catch (error) {
      this.log.warn({ err: error }, 'the imports of a text could not be read');
      return null;
    }
  }

  /** Starts an interpreter ahead of the first question, or keeps the one that is there. */
  warm(): void {
    this.interpreters.warm();
  }

  stop(): Promise<void> {
    return this.interpreters.stop();
  }
}
