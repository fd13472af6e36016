/** A layout restorer that does not wait for ever: one part that cannot fetch its data must not keep the whole workspace closed. */
import { LayoutRestorer } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { IRestorer } from '@jupyterlab/statedb';
import type { Widget } from '@lumino/widgets';

/** Longer than a loaded server takes. What comes later is still opened, in its usual place. */
const LIMIT_MS = 5000;

export class PatientRestorer extends LayoutRestorer {
  override restore(tracker: WidgetTracker, options: IRestorer.IOptions<Widget>): Promise<void> {
    const restore = (given: Parameters<WidgetTracker['restore']>[0]) => withinLimit(tracker.restore(given));
    return super.restore(Object.create(tracker, { restore: { value: restore } }), options);
  }
}

/** Not by p-timeout, which makes its error ahead: with a debugger attached, V8 reads the whole bundle again for where it was made. */
async function withinLimit<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LIMIT_MS);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
