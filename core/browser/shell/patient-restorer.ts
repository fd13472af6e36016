/** A layout restorer that does not wait for ever: one part that cannot fetch its data must not keep the whole workspace closed. */
import { LayoutRestorer } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { IRestorer } from '@jupyterlab/statedb';
import type { Widget } from '@lumino/widgets';
import pTimeout from 'p-timeout';

/** Longer than a loaded server takes. What comes later is still opened, in its usual place. */
const LIMIT_MS = 5000;

export class PatientRestorer extends LayoutRestorer {
  override restore(tracker: WidgetTracker, options: IRestorer.IOptions<Widget>): Promise<void> {
    const restore = (given: Parameters<WidgetTracker['restore']>[0]) =>
      pTimeout(tracker.restore(given), { milliseconds: LIMIT_MS, message: false });
    return super.restore(Object.create(tracker, { restore: { value: restore } }), options);
  }
}
