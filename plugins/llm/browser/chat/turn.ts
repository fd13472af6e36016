/** One question and its outcome. */
import type { QuestionSubject, Usage } from '../../contract/index.ts';

export interface Turn {
  /** Unique in its chat. */
  readonly id: number;
  readonly prompt: string;
  /** The subject whose text was sent instead of the script's own; null when the script's was. */
  readonly about: QuestionSubject | null;
  readonly answer: string;
  readonly state: 'asking' | 'answered' | 'failed' | 'stopped';
  /** Why it failed; null when it did not. */
  readonly error: unknown;
  /** Null until it was answered. */
  readonly usage: Usage | null;
  /** The model reached its length limit before it was done. */
  readonly cut: boolean;
}

export function newTurn(id: number, prompt: string, about: QuestionSubject | null): Turn {
  return { id, prompt, about, answer: '', state: 'asking', error: null, usage: null, cut: false };
}
