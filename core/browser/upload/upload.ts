/**
 * A file on its way into a text: chosen, dropped or pasted. What became of it is
 * kept here and shown where it happened, by `UploadCard`. A text in another
 * encoding is taken only when the person has seen it and says so.
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
      /** Why the last choice was none; null when there was none. */
      readonly trouble: string | null;
    }
  | { readonly kind: 'taken'; readonly detail: string };

interface UploadOptions {
  /** Of the text as UTF-8. */
  readonly limitBytes: number;
  take(text: string): void;
}

export class Upload {
  readonly #changed = new Signal<this, void>(this);
  #state: UploadState = { kind: 'none' };
  /** Of two files that are read at once, the later one counts. */
  #turn = 0;

  constructor(private readonly options: UploadOptions) {}

  get state(): UploadState {
    return this.#state;
  }

  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  /** Lets the person choose a file. To be called while a click is being handled. */
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

  /** Takes a file's text, or says why not. */
  async read(files: readonly File[]): Promise<void> {
    const [file] = files;
    if (!file) return;
    if (files.length > 1) return this.refuse('Several files cannot be loaded at once. Load one of them.');
    const { limitBytes } = this.options;
    if (file.size > LARGEST_FACTOR * limitBytes) return this.refuse(tooLarge(file.name, file.size, limitBytes));
    this.#turn += 1;
    const turn = this.#turn;
    const bytes = await file.arrayBuffer().then(
      (buffer) => new Uint8Array(buffer),
      () => null,
    );
    if (turn !== this.#turn) return;
    if (bytes === null)
      return this.refuse(`${file.name} could not be read. If it was moved or changed, choose it again; a folder cannot be loaded.`);
    const reading = readUpload(file.name, bytes, limitBytes);
    if (reading.kind === 'refused') this.refuse(reading.detail);
    else if (reading.kind === 'text') this.#take(reading.text, `Loaded ${file.name}.`);
    else this.#set({ ...reading, kind: 'offered', name: file.name, trouble: null });
  }

  /** Takes the file that is offered, in this encoding. */
  accept(encoding: Encoding): void {
    const offered = this.#state;
    if (offered.kind !== 'offered') return;
    const { name, bytes } = offered;
    try {
      this.#take(convert(name, bytes, encoding, this.options.limitBytes), `Loaded ${name}, converted to UTF-8.`);
    } catch (error) {
      this.#set({ ...offered, trouble: (error as Error).message });
    }
  }

  refuse(detail: string): void {
    this.#set({ kind: 'refused', detail });
  }

  dismiss(): void {
    this.#set({ kind: 'none' });
  }

  #take(text: string, detail: string): void {
    this.options.take(text);
    this.#set({ kind: 'taken', detail });
  }

  #set(state: UploadState): void {
    this.#turn += 1;
    this.#state = state;
    this.#changed.emit();
  }
}
