/**
 * Parses text with escape sequences, in pieces of any size, as terminals do
 * (ECMA-48, and Paul Williams's state machine that xterm follows): printed text,
 * control characters and complete sequences. It knows their syntax, not their
 * meaning. Strings for the terminal itself (titles, links, images) are skipped. A
 * line end terminates them too, so that an unterminated one does not swallow the
 * rest of the log.
 */

export interface EscapeActions {
  /** Without control characters. */
  print(text: string): void;
  /** A C0 or C1 control that does not start a sequence. */
  control(code: number): void;
  /** `ESC`, optional intermediates, the final character. */
  escape(intermediates: string, final: string): void;
  /** `CSI`, parameters with any private prefix, optional intermediates, the final character. */
  csi(parameters: string, intermediates: string, final: string): void;
}

type State = 'ground' | 'escape' | 'csi' | 'ignore' | 'osc' | 'string';

const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;
/** No known sequence has longer parameters. */
const LONGEST_PARAMETERS = 256;

const [LF, CAN, SUB, ESC, BEL, DEL] = [0x0a, 0x18, 0x1a, 0x1b, 0x07, 0x7f];
const C1: Readonly<Record<number, State>> = { 144: 'string', 152: 'string', 155: 'csi', 157: 'osc', 158: 'string', 159: 'string' };
const AFTER_ESCAPE: Readonly<Record<string, State>> = { '[': 'csi', ']': 'osc', P: 'string', X: 'string', '^': 'string', _: 'string' };

export class EscapeParser {
  private state: State = 'ground';
  private parameters = '';
  private intermediates = '';

  constructor(private readonly actions: EscapeActions) {}

  /** Whether no sequence is incomplete. */
  get isIdle(): boolean {
    return this.state === 'ground';
  }

  feed(text: string): void {
    let at = 0;
    while (at < text.length) {
      if (this.state === 'ground') at = this.print(text, at);
      if (at < text.length) {
        this.take(text.charCodeAt(at), text[at]!);
        at += 1;
      }
    }
  }

  /** Prints up to the next control character and returns its index. */
  private print(text: string, from: number): number {
    CONTROL.lastIndex = from;
    const end = CONTROL.exec(text)?.index ?? text.length;
    if (end > from) this.actions.print(from === 0 && end === text.length ? text : text.slice(from, end));
    return end;
  }

  private take(code: number, character: string): void {
    if (code === ESC) this.begin('escape');
    else if (code === CAN || code === SUB) this.begin('ground');
    else if (code >= 0x80 && code <= 0x9f) this.takeC1(code);
    else if (this.state === 'osc' || this.state === 'string') this.inString(code);
    else if (code < 0x20) this.actions.control(code);
    else if (code === DEL) return;
    else if (this.state === 'escape') this.afterEscape(code, character);
    else if (this.state !== 'ground') this.inSequence(code, character);
  }

  private takeC1(code: number): void {
    const state = C1[code];
    this.begin(state ?? 'ground');
    if (state === undefined) this.actions.control(code);
  }

  private inString(code: number): void {
    if (code !== LF && (code !== BEL || this.state !== 'osc')) return;
    this.begin('ground');
    this.actions.control(code);
  }

  private afterEscape(code: number, character: string): void {
    if (code <= 0x2f) {
      this.intermediates += character;
      return;
    }
    const { [character]: state } = AFTER_ESCAPE;
    const intermediates = this.intermediates;
    this.begin(intermediates === '' && state !== undefined ? state : 'ground');
    if (this.state === 'ground' && code <= 0x7e) this.actions.escape(intermediates, character);
  }

  private inSequence(code: number, character: string): void {
    if (code > 0x7e) this.begin('ground');
    else if (code >= 0x40) {
      const [parameters, intermediates, isKnown] = [this.parameters, this.intermediates, this.state === 'csi'];
      this.begin('ground');
      if (isKnown) this.actions.csi(parameters, intermediates, character);
    } else if (code <= 0x2f) this.intermediates += character;
    else if (this.intermediates !== '' || (code >= 0x3c && this.parameters !== '') || this.parameters.length > LONGEST_PARAMETERS)
      this.state = 'ignore';
    else this.parameters += character;
  }

  private begin(state: State): void {
    this.state = state;
    this.parameters = '';
    this.intermediates = '';
  }
}
