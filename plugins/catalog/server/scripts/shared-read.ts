/** One read for everybody who asks at about the same time. Every answer was read after it was asked for. */
export class SharedRead<T> {
  private running: Promise<unknown> = Promise.resolve();
  private next: Promise<T> | null = null;

  constructor(private readonly read: () => Promise<T>) {}

  /** Joins the read that starts when the current one has ended. */
  ask(): Promise<T> {
    this.next ??= this.afterRunning();
    return this.next;
  }

  private async afterRunning(): Promise<T> {
    await this.running;
    const reading = this.read();
    this.running = reading.catch(() => undefined);
    this.next = null;
    return reading;
  }
}
