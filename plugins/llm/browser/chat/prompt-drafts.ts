/**
 * Stores what a person has typed but not asked yet, per script, in this browser,
 * so that a reload loses nothing. Never sent anywhere.
 */
export class PromptDrafts {
  constructor(
    private readonly username: string,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = localStorage,
  ) {}

  read(key: string): string {
    return this.storage.getItem(this.name(key)) ?? '';
  }

  /** An empty text removes the draft. */
  write(key: string, text: string): void {
    if (text === '') this.storage.removeItem(this.name(key));
    else this.storage.setItem(this.name(key), text);
  }

  private name(key: string): string {
    return `ved:llm:prompt:${this.username}:${key}`;
  }
}
