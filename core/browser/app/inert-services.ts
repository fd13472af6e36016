/**
 * JupyterLab's application wants a service manager for a Jupyter server; ved
 * has none. This stands in its place: what JupyterLab's own parts touch is here
 * and inert, anything else throws by name, so that a stray use is loud.
 */
import type { ServiceManager } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

/** Makes the stand-in. */
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
