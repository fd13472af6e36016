/** What other plugins of the workspace may ask of the assistant's panel. */
import { Token } from '@lumino/coreutils';

export interface Assistant {
  /** Shows the panel with this prompt filled in, ready to be sent by the person. */
  suggestPrompt(prompt: string): void;
}
export const Assistant = new Token<Assistant>('@ved/llm:Assistant', 'The panel that asks the language model.');
