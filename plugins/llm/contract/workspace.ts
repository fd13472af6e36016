/** The assistant's API for other plugins of the workspace. */
import { Token } from '@lumino/coreutils';

/** What a question is about when it is not what the current editor shows, such as the text of a run. */
export interface QuestionSubject {
  readonly scriptId: number;
  /** `3.01 Load orders` */
  readonly scriptName: string;
  /** Whether the script exists; false for a deleted one. */
  readonly scriptExists: boolean;
  readonly versionId: number;
  /** The text that is sent instead of what is in the editor. */
  readonly code: string;
  /** Which text that is: `the text of run 42 (v0.4)`. */
  readonly codeName: string;
}

export interface Assistant {
  /**
   * Shows the conversation about the subject's script with this prompt filled in for the person to send; what they had typed
   * there is restored afterwards. Works whichever editor is in front, and whether or not the script is open.
   */
  suggestPrompt(prompt: string, subject: QuestionSubject): void;
}
export const Assistant = new Token<Assistant>('@ved/llm:Assistant', 'The panel that asks the language model.');

export interface AssistantLog {
  /** Shows the log of all questions, at the one with this id if given. */
  show(interactionId?: number): Promise<void>;
}
export const AssistantLog = new Token<AssistantLog>('@ved/llm:AssistantLog', 'The log of all questions to the language model.');
