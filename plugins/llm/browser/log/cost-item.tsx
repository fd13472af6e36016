/** What the assistant cost today, in the status bar; opens the log. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { ReactWidget } from '@jupyterlab/apputils';
import type { Availability } from '../chat/availability.ts';
import { useSignal } from '../chat/use-signal.ts';
import { costText } from '../cost-text.ts';

export class CostItem extends ReactWidget {
  constructor(
    private readonly availability: Availability,
    private readonly commands: JupyterFrontEnd['commands'],
  ) {
    super();
    this.addClass('ved-CostItem');
  }

  protected override render(): JSX.Element {
    return <CostView availability={this.availability} commands={this.commands} />;
  }
}

function CostView({ availability, commands }: { readonly availability: Availability; readonly commands: JupyterFrontEnd['commands'] }) {
  useSignal(availability.changed);
  if (availability.status === null) return null;
  return (
    <button
      type="button"
      title="Cost of the assistant since midnight UTC. Click to open its log."
      onClick={() => void commands.execute('llm:show-log')}
    >
      {costText(availability.status.cost_today_usd)} today
    </button>
  );
}
