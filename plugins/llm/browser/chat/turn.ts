/** One question and what became of it. */
import type { QuestionSubject, Usage } from '../../contract/index.ts';

export interface Turn {
  /** Unique in its chat. */
  readonly id: number;
  readonly prompt: string;
  /** Whose text went along instead of the script's own; null when that did. */
  readonly about: QuestionSubject | null;
  readonly answer: string;
  readonly state: 'asking' | 'answered' | 'failed' | 'stopped';
  /** Why it failed; null when it did not. */
  readonly error: unknown;
  /** Known once it was answered. */
  readonly usage: Usage | null;
  /** The model reached its limit before it was done. */
  readonly cut: boolean;
}

export function newTurn(id: number, prompt: string, about: QuestionSubject | null): Turn {
  return { id, prompt, about, answer: '', state: 'asking', error: null, usage: null, cut: false };
}
