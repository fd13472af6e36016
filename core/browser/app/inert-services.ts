/**
 * JupyterLab's application needs a service manager for a Jupyter server, which
 * ved does not have. This replaces it: what JupyterLab's own parts use is here
 * and does nothing; anything else throws an error with its name.
 */
import type { ServiceManager } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

/** Creates the replacement. */
export function createInertServices(): ServiceManager.IManager {
  const present = {
    isReady: true,
    ready: Promise.resolve(),
    isDisposed: false,
    dispose: () => undefined,
    serverSettings: { baseUrl: '/', appUrl: '/', wsUrl: '' },
  };
  Object.assign(present, { connectionFailure: new Signal(present) });
  return new Proxy(present, {
    get(target, key) {
      if (key in target || typeof key === 'symbol' || key === 'then') return Reflect.get(target, key);
      throw new Error(`The workspace has no Jupyter server: ServiceManager.${key} is not available.`);
    },
  }) as unknown as ServiceManager.IManager;
}
