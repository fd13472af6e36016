/** Who else has which script open, kept up to date by live events. */
import { Signal } from '@lumino/signaling';
import { createClient, type LiveEvents } from '@ved/core/browser';
import { type Presence, presenceChanged, presenceRoutes } from '../../contract/index.ts';
import { initialsOf } from './initials.ts';

export class OthersPresent {
  private present: readonly Presence[] = [];
  private shortNames: ReadonlyMap<string, string> = new Map();
  private readonly changedSignal = new Signal<this, void>(this);
  private readonly client = createClient(presenceRoutes);

  constructor(
    private readonly username: string,
    private readonly onError: (error: unknown) => void,
  ) {}

  get changed() {
    return this.changedSignal;
  }

  /** Fetches once, then follows the events; fetches again when some may have been missed. */
  follow(events: LiveEvents): void {
    events.on(presenceChanged, ({ present }) => this.become(present));
    events.resumed.connect(() => this.ask());
    events.stateChanged.connect((_, state) => {
      // Offline, we would not learn that they stopped.
      if (state !== 'online') this.become(this.present.map((other) => ({ ...other, typing: false })));
    });
    this.ask();
  }

  /** The initials of each of the others, for the tabs. */
  get initials(): ReadonlyMap<string, string> {
    return this.shortNames;
  }

  /** The others who have this script open, each once. */
  at(scriptId: number): readonly Presence[] {
    return this.present.filter(({ script_id }) => script_id === scriptId);
  }

  private ask(): void {
    this.client.listPresence().then((present) => this.become(present), this.onError);
  }

  private become(present: readonly Presence[]): void {
    this.present = present.filter(({ username }) => username !== this.username);
    this.shortNames = initialsOf(this.present.map(({ username }) => username));
    this.changedSignal.emit();
  }
}
