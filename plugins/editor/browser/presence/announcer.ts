/** Tells the server what this page has open: on change, and often enough not to be forgotten. */
import { createClient } from '@ved/core/browser';
import { presenceRoutes } from '../../contract/index.ts';

/** The server forgets after 45 s of silence. */
const REPEAT_MS = 20_000;
/** While somebody types, however many keys; the server forgets it after 6 s. */
const TYPING_REPEAT_MS = 2_000;

export interface OpenState {
  readonly script_id: number;
  readonly dirty: boolean;
  readonly typing: boolean;
}

export class PresenceAnnouncer {
  private readonly client = createClient(presenceRoutes);
  private announced = '[]';
  private timer: ReturnType<typeof setTimeout> | null = null;

  /** `open` returns what is open now. Failures do no harm: the next announcement is complete again. */
  constructor(
    private readonly page: string,
    private readonly open: () => OpenState[],
  ) {
    window.addEventListener('pagehide', () => this.announce([], true));
  }

  /** Something may have been opened, closed or changed. */
  update(): void {
    const open = this.open();
    if (JSON.stringify(open) !== this.announced) this.announce(open);
  }

  private announce(open: OpenState[], keepalive = false): void {
    this.announced = JSON.stringify(open);
    if (this.timer) clearTimeout(this.timer);
    const again = open.some(({ typing }) => typing) ? TYPING_REPEAT_MS : REPEAT_MS;
    this.timer = open.length > 0 ? setTimeout(() => this.announce(this.open()), again) : null;
    this.client.announcePresence({ params: { page: this.page }, body: { open } }, { keepalive }).catch(() => undefined);
  }
}
