/**
 * The conversation about one script, as long as the page lives: the prompt
 * being typed, the questions asked, and the one under way. Each question stands
 * alone; the model is sent the script and the prompt, not what was said before.
 */
import { type ISignal, Signal } from '@lumino/signaling';
import { ApiError, openStream } from '@ved/core/browser';
import { type CompletionRequest, llmRoutes, type StreamDone } from '../../contract/index.ts';
import { newTurn, type Turn } from './turn.ts';

/** What a question is about, read at the moment it is asked. */
export type Subject = () => Omit<CompletionRequest, 'prompt'>;

export interface ChatOptions {
  /** The prompt left over from last time. */
  readonly prompt: string;
  readonly subject: Subject;
  /** Told of every change of the prompt. */
  readonly onPrompt: (prompt: string) => void;
}

export class Chat {
  readonly #changed = new Signal<this, void>(this);
  readonly #options: ChatOptions;
  #prompt: string;
  #turns: readonly Turn[] = [];
  #withScript = true;
  #asking: AbortController | null = null;
  #nextFrame = 0;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#prompt = options.prompt;
  }

  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  get prompt(): string {
    return this.#prompt;
  }

  set prompt(prompt: string) {
    this.#prompt = prompt;
    this.#options.onPrompt(prompt);
    this.#changed.emit();
  }

  /** Oldest first. */
  get turns(): readonly Turn[] {
    return this.#turns;
  }

  get asking(): boolean {
    return this.#asking !== null;
  }

  /** Whether the script goes along with the prompt. */
  get withScript(): boolean {
    return this.#withScript;
  }

  set withScript(withScript: boolean) {
    this.#withScript = withScript;
    this.#changed.emit();
  }

  /** What would be sent if it were asked now. */
  request(prompt: string = this.#prompt): CompletionRequest {
    const { context_code, ...script } = this.#options.subject();
    return { ...script, prompt, context_code: this.#withScript ? context_code : '' };
  }

  /** Asks what was typed, or an earlier question again. Does nothing while one is under way. */
  async ask(prompt: string = this.#prompt): Promise<void> {
    if (this.asking || prompt.trim() === '') return;
    const request = this.request(prompt);
    if (prompt === this.#prompt) this.prompt = '';
    const turn = newTurn(this.#turns.length, prompt);
    this.#turns = [...this.#turns, turn];
    this.#asking = new AbortController();
    this.#changed.emit();
    const outcome = await this.#receive(turn.id, request, this.#asking.signal);
    this.#asking = null;
    this.#update(turn.id, outcome);
    if (outcome.state === 'failed' && this.#prompt === '') this.prompt = prompt;
    this.#changed.emit();
  }

  stop(): void {
    this.#asking?.abort();
  }

  /** Reads the answer into the turn. Resolves with how it ended; never throws. */
  async #receive(id: number, request: CompletionRequest, signal: AbortSignal): Promise<Partial<Turn>> {
    try {
      for await (const { event, data } of openStream(llmRoutes.stream, { body: request }, { signal })) {
        if (event === 'delta') this.#append(id, data.text);
        else if (event === 'done') return answered(data);
        else if (event === 'error') throw new ApiError(data.status, data);
      }
      throw new Error('The server ended the answer without saying that it was complete; ask again.');
    } catch (error) {
      return signal.aborted ? { state: 'stopped' } : { state: 'failed', error };
    }
  }

  #append(id: number, text: string): void {
    this.#update(id, { answer: this.#turns[id]!.answer + text });
    // A fast model sends many pieces between two frames; they are drawn together.
    this.#nextFrame ||= requestAnimationFrame(() => {
      this.#nextFrame = 0;
      this.#changed.emit();
    });
  }

  #update(id: number, change: Partial<Turn>): void {
    this.#turns = this.#turns.map((turn) => (turn.id === id ? { ...turn, ...change } : turn));
  }
}

function answered({ usage, finish_reason }: StreamDone): Partial<Turn> {
  return { state: 'answered', usage, cut: finish_reason === 'length' };
}
