/** Asks for a script's number. Stays open until the number is accepted or the user cancels; a refusal is shown below the field. */
import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import { ApiError, focusAtFirst } from '@ved/core/browser';

const ACCEPT = 1;
const NUMBER = /^\d{1,5}(?:[.]\d{1,2})?$/;

export interface NumberQuestion {
  readonly title: string;
  readonly label: string;
  /** The initial value. */
  readonly text: string;
  readonly okLabel: string;
  /** Throws when the server refuses. */
  apply(number: number): Promise<void>;
}

/** Resolves when the number was applied or the dialog cancelled. */
export async function askNumber(question: NumberQuestion): Promise<void> {
  await new NumberDialog(question).launch();
}

class NumberDialog extends Dialog<string> {
  private readonly body: NumberBody;

  constructor(private readonly question: NumberQuestion) {
    const body = new NumberBody(question.label, question.text);
    super({
      title: question.title,
      body,
      buttons: [Dialog.cancelButton(), Dialog.okButton({ label: question.okLabel })],
      defaultButton: ACCEPT,
      focusNodeSelector: 'input',
    });
    this.body = body;
    body.onSuggestion = () => void this.apply();
  }

  override resolve(index = ACCEPT): void {
    if (index === ACCEPT) void this.apply();
    else super.resolve(index);
  }

  private async apply(): Promise<void> {
    const text = this.body.getValue().trim();
    if (!NUMBER.test(text)) {
      this.body.refuse('Enter a number of at most five digits and two decimals, such as 3.02.', null);
      return;
    }
    try {
      await this.question.apply(Number(text));
      super.resolve(ACCEPT);
    } catch (error) {
      const free = error instanceof ApiError && typeof error.problem.next_free === 'number' ? error.problem.next_free : null;
      this.body.refuse((error as Error).message, free);
    }
  }
}

class NumberBody extends ReactWidget implements Dialog.IBodyWidget<string> {
  onSuggestion: () => void = () => undefined;
  private error: string | null = null;
  private free: number | null = null;

  constructor(
    private readonly label: string,
    private text: string,
  ) {
    super();
    this.addClass('ved-NumberDialog');
  }

  getValue(): string {
    return this.text;
  }

  /** Shows why the number was refused, and another one that is free. */
  refuse(error: string, free: number | null): void {
    this.error = error;
    this.free = free;
    this.update();
    this.node.querySelector('input')?.select();
  }

  private type(text: string): void {
    this.text = text;
    this.error = null;
    this.free = null;
    this.update();
  }

  protected override render(): JSX.Element {
    const free = this.free?.toFixed(2);
    return (
      <label>
        {this.label}
        <input
          ref={focusAtFirst}
          className="jp-mod-styled"
          type="text"
          inputMode="decimal"
          spellCheck={false}
          value={this.text}
          aria-invalid={this.error !== null}
          aria-describedby="ved-number-error"
          onChange={(event) => this.type(event.target.value)}
          onFocus={(event) => event.target.select()}
        />
        <span id="ved-number-error" className="ved-NumberDialog-error" role="alert">
          {this.error}
        </span>
        {free && (
          <button
            type="button"
            className="jp-mod-styled ved-Button"
            onClick={() => {
              this.type(free);
              this.onSuggestion();
            }}
          >
            Use {free}
          </button>
        )}
      </label>
    );
  }
}
