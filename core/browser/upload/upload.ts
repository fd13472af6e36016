/**
 * Loads a file as text: chosen, dropped or pasted. Keeps the result, which
 * `UploadCard` shows. Text in another encoding is loaded only after the user has
 * seen and accepted it.
 */
import { type ISignal, Signal } from '@lumino/signaling';
import type { Encoding } from './encodings.ts';
import { convert, LARGEST_FACTOR, readUpload, tooLarge } from './read-upload.ts';

export type UploadState =
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly detail: string }
  | {
      readonly kind: 'offered';
      readonly name: string;
      readonly bytes: Uint8Array;
      readonly encodings: readonly Encoding[];
      readonly certain: boolean;
      /** Why the last chosen encoding failed; null when none did. */
      readonly trouble: string | null;
    }
  | { readonly kind: 'taken'; readonly detail: string };

interface UploadOptions {
  /** The limit for the text as UTF-8. */
  readonly limitBytes: number;
  take(text: string): void;
}

export class Upload {
  private readonly changedSignal = new Signal<this, void>(this);
  private currentState: UploadState = { kind: 'none' };
  /** When two files are read at the same time, the later one counts. */
  private turn = 0;

  constructor(private readonly options: UploadOptions) {}

  get state(): UploadState {
    return this.currentState;
  }

  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  /** Lets the user choose a file. Must be called while a click is being handled. */
  async choose(): Promise<void> {
    const input = document.createElement('input');
    input.type = 'file';
    const files = await new Promise<readonly File[]>((resolve) => {
      input.addEventListener('change', () => resolve([...(input.files ?? [])]));
      input.addEventListener('cancel', () => resolve([]));
      input.click();
    });
    await this.read(files);
  }

  /** Loads a file's text, or shows why it cannot be loaded. */
  async read(files: readonly File[]): Promise<void> {
    const [file] = files;
    if (!file) return;
    if (files.length > 1) return this.refuse('Only one file can be loaded at a time.');
    const { limitBytes } = this.options;
    if (file.size > LARGEST_FACTOR * limitBytes) return this.refuse(tooLarge(file.name, file.size, limitBytes));
    this.turn += 1;
    const turn = this.turn;
    const bytes = await file.arrayBuffer().then(
      (buffer) => new Uint8Array(buffer),
      () => null,
    );
    if (turn !== this.turn) return;
    if (bytes === null)
      return this.refuse(`${file.name} could not be read. If it was moved or changed, choose it again; folders cannot be loaded.`);
    const reading = readUpload(file.name, bytes, limitBytes);
    if (reading.kind === 'refused') this.refuse(reading.detail);
    else if (reading.kind === 'text') this.take(reading.text, `Loaded ${file.name}.`);
    else this.set({ ...reading, kind: 'offered', name: file.name, trouble: null });
  }

  /** Converts and loads the offered file. */
  accept(encoding: Encoding): void {
    const offered = this.currentState;
    if (offered.kind !== 'offered') return;
    const { name, bytes } = offered;
    try {
      this.take(convert(name, bytes, encoding, this.options.limitBytes), `Loaded ${name}, converted to UTF-8.`);
    } catch (error) {
      this.set({ ...offered, trouble: (error as Error).message });
    }
  }

  refuse(detail: string): void {
    this.set({ kind: 'refused', detail });
  }

  dismiss(): void {
    this.set({ kind: 'none' });
  }

  private take(text: string, detail: string): void {
    this.options.take(text);
    this.set({ kind: 'taken', detail });
  }

  private set(state: UploadState): void {
    this.turn += 1;
    this.currentState = state;
    this.changedSignal.emit();
  }
}
