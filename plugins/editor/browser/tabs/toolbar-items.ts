/** The commands in every editor's toolbar, in order. Other plugins add theirs. */
import { Signal } from '@lumino/signaling';

export interface ToolbarCommand {
  readonly command: string;
  /** Lower is further left. */
  readonly rank: number;
  readonly label?: string;
  /** Always in the `⋯` menu. */
  readonly overflow?: boolean;
}

/** More buttons than this go to the `⋯` menu; with the badge and the menu itself these make six. */
const MAX_BUTTONS = 4;

export class ToolbarItems {
  private items: ToolbarCommand[] = [];
  /** The command that a click on the version badge executes; null when no plugin shows versions. */
  versionsCommand: string | null = null;
  private readonly changedSignal = new Signal<this, void>(this);

  get changed() {
    return this.changedSignal;
  }

  /** Those with a button of their own. */
  get buttons(): readonly ToolbarCommand[] {
    return this.items.filter(({ overflow }) => !overflow).slice(0, MAX_BUTTONS);
  }

  /** Those in the `⋯` menu. */
  get menu(): readonly ToolbarCommand[] {
    const { buttons } = this;
    return this.items.filter((item) => !buttons.includes(item));
  }

  add(item: ToolbarCommand): void {
    this.items = [...this.items, item].sort((a, b) => a.rank - b.rank);
    this.changedSignal.emit();
  }

  setVersionsCommand(command: string): void {
    this.versionsCommand = command;
    this.changedSignal.emit();
  }
}
