/**
 * The conversation about one script, for as long as the page is open: the prompt
 * being typed, the earlier questions, and the current one. Each question is
 * independent: the model gets the script and the prompt, not what was said before.
 */
import { type ISignal, Signal } from '@lumino/signaling';
import { ApiError, openStream } from '@ved/core/browser';
import { type CompletionRequest, llmRoutes, type QuestionSubject, type StreamDone } from '../../contract/index.ts';
import { newTurn, type Turn } from './turn.ts';

/** What a question is about, read when it is asked. */
export type Subject = () => Omit<CompletionRequest, 'prompt'>;

export interface ChatOptions {
  /** The prompt left from last time. */
  readonly prompt: string;
  readonly subject: Subject;
  /** Called on every change of the prompt. */
  readonly onPrompt: (prompt: string) => void;
}

export class Chat {
  private readonly changedSignal = new Signal<this, void>(this);
  private readonly options: ChatOptions;
  private promptText: string;
  private suggestedSubject: QuestionSubject | null = null;
  /** What was being typed when something else was suggested. */
  private setAside = '';
  private allTurns: readonly Turn[] = [];
  private sendsScript = true;
  private questionUnderWay: AbortController | null = null;
  private nextFrame = 0;

  constructor(options: ChatOptions) {
    this.options = options;
    this.promptText = options.prompt;
  }

  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  get prompt(): string {
    return this.promptText;
  }

  set prompt(prompt: string) {
    this.promptText = prompt;
    // A suggestion can be repeated with a click; what a person typed cannot.
    this.options.onPrompt(this.suggestedSubject === null ? prompt : this.setAside);
    this.changedSignal.emit();
  }

  /** The subject of a suggested prompt; null when the prompt is about the current script. */
  get suggested(): QuestionSubject | null {
    return this.suggestedSubject;
  }

  /** Puts a suggested prompt into the box, with its own subject. */
  suggest(prompt: string, subject: QuestionSubject): void {
    if (this.suggestedSubject === null) this.setAside = this.promptText;
    this.suggestedSubject = subject;
    this.sendsScript = true;
    this.prompt = prompt;
  }

  /** Removes the suggestion and restores what was typed before. */
  dropSuggestion(): void {
    const typed = this.setAside;
    this.suggestedSubject = null;
    this.setAside = '';
    this.prompt = typed;
  }

  /** Keeps the prompt, but sends the current script instead of the suggestion's text. */
  sendCurrentText(): void {
    if (this.suggestedSubject === null) return;
    this.suggestedSubject = null;
    this.setAside = '';
    this.prompt = this.promptText;
  }

  /** Oldest first. */
  get turns(): readonly Turn[] {
    return this.allTurns;
  }

  get asking(): boolean {
    return this.questionUnderWay !== null;
  }

  /** Whether the script is sent with the prompt. */
  get withScript(): boolean {
    return this.sendsScript;
  }

  set withScript(withScript: boolean) {
    this.sendsScript = withScript;
    this.changedSignal.emit();
  }

  /** What would be sent now. */
  request(prompt: string = this.promptText, about: QuestionSubject | null = this.suggestedSubject): CompletionRequest {
    const { context_code, ...script } = about === null ? this.options.subject() : subjectOf(about);
    return { ...script, prompt, context_code: this.sendsScript ? context_code : '' };
  }

  /** Asks what is in the box. Does nothing while a question is being answered. */
  async ask(): Promise<void> {
    const [prompt, about] = [this.promptText, this.suggestedSubject];
    if (this.asking || prompt.trim() === '') return;
    const request = this.request();
    if (about === null) this.prompt = '';
    else this.dropSuggestion();
    const outcome = await this.put(request, about);
    if (outcome.state !== 'failed' || this.promptText !== '') return;
    if (about === null) this.prompt = prompt;
    else this.suggest(prompt, about);
  }

  /** Asks an earlier question again, about the same text. */
  async askAgain({ prompt, about }: Turn): Promise<void> {
    if (this.asking) return;
    await this.put(this.request(prompt, about), about);
  }

  private async put(request: CompletionRequest, about: QuestionSubject | null): Promise<Partial<Turn>> {
    const turn = newTurn(this.allTurns.length, request.prompt, about);
    this.allTurns = [...this.allTurns, turn];
    this.questionUnderWay = new AbortController();
    this.changedSignal.emit();
    const outcome = await this.receive(turn.id, request, this.questionUnderWay.signal);
    this.questionUnderWay = null;
    this.update(turn.id, outcome);
    this.changedSignal.emit();
    return outcome;
  }

  stop(): void {
    this.questionUnderWay?.abort();
  }

  /** Reads the answer into the turn. Resolves with how it ended; never throws. */
  private async receive(id: number, request: CompletionRequest, signal: AbortSignal): Promise<Partial<Turn>> {
    try {
      for await (const { event, data } of openStream(llmRoutes.stream, { body: request }, { signal })) {
        if (event === 'delta') this.append(id, data.text);
        else if (event === 'done') return answered(data);
        else if (event === 'error') throw new ApiError(data.status, data);
      }
      throw new Error('The answer from the server was cut short. Ask again.');
    } catch (error) {
      return signal.aborted ? { state: 'stopped' } : { state: 'failed', error };
    }
  }

  private append(id: number, text: string): void {
    this.update(id, { answer: this.allTurns[id]!.answer + text });
    // A fast model sends many chunks between two frames; they are drawn together.
    this.nextFrame ||= requestAnimationFrame(() => {
      this.nextFrame = 0;
      this.changedSignal.emit();
    });
  }

  private update(id: number, change: Partial<Turn>): void {
    this.allTurns = this.allTurns.map((turn) => (turn.id === id ? { ...turn, ...change } : turn));
  }
}

/** The server does not know the id of a deleted script. */
function subjectOf({ scriptId, scriptExists, versionId, code }: QuestionSubject): Omit<CompletionRequest, 'prompt'> {
  return scriptExists ? { script_id: scriptId, script_version_id: versionId, context_code: code } : { context_code: code };
}

function answered({ usage, finish_reason }: StreamDone): Partial<Turn> {
  return { state: 'answered', usage, cut: finish_reason === 'length' };
}
