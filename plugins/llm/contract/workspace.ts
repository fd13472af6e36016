/** What other plugins of the workspace may ask of the assistant's panel. */
import { Token } from '@lumino/coreutils';

/** What a question is about, when that is not what the current editor shows: the text of a run, say. */
export interface QuestionSubject {
  readonly scriptId: number;
  /** `3.01 Load orders` */
  readonly scriptName: string;
  /** Whether the script is there; the text of a deleted one belongs to none. */
  readonly scriptExists: boolean;
  readonly versionId: number;
  /** The text that goes along instead of what is in the editor. */
  readonly code: string;
  /** Which text that is: `the text of run 42 (v0.4)`. */
  readonly codeName: string;
}

export interface Assistant {
  /**
   * Shows the conversation about the subject's script with this prompt filled in, ready to be sent by the person; what they had
   * typed there comes back afterwards. Whichever editor is in front, and whether or not the script is open.
   */
  suggestPrompt(prompt: string, subject: QuestionSubject): void;
}
export const Assistant = new Token<Assistant>('@ved/llm:Assistant', 'The panel that asks the language model.');

export interface AssistantLog {
  /** Shows the log of all questions, at the one with this id. */
  show(interactionId?: number): Promise<void>;
}
export const AssistantLog = new Token<AssistantLog>('@ved/llm:AssistantLog', 'The log of what the language model was asked.');
