/** Provides `PageAddress`: what the address bar shows, and which plugin handles a path that is opened. */
import { Notification } from '@jupyterlab/apputils';
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import type { VedPlugin } from '../app/ved-plugin.ts';
import { PageAddress, type PathHandler } from '../tokens.ts';

interface Route {
  readonly pattern: RegExp;
  readonly handler: PathHandler;
}

export const pageAddressPlugin: VedPlugin<PageAddress> = {
  id: '@ved/core:page-address',
  autoStart: true,
  provides: PageAddress,
  activate: (app) => {
    const address = new HistoryAddress();
    window.addEventListener('popstate', () => address.dispatch());
    // After the layout is restored, so that the path's tab is in front of the others.
    void app.restored.then(() => address.dispatch());
    return address;
  },
};

class HistoryAddress implements PageAddress {
  private readonly routes: Route[] = [];

  get path(): string {
    return window.location.pathname;
  }

  show(path: string): void {
    if (path !== this.path) window.history.pushState(null, '', path);
  }

  onPath(pattern: RegExp, handler: PathHandler): IDisposable {
    const route = { pattern, handler };
    this.routes.push(route);
    return new DisposableDelegate(() => this.routes.splice(this.routes.indexOf(route), 1));
  }

  /** Calls the first handler that matches the path. For an unknown path, says so and goes to `/`. */
  dispatch(): void {
    const path = this.path;
    for (const { pattern, handler } of this.routes) {
      const match = pattern.exec(path);
      if (!match) continue;
      handler(match);
      return;
    }
    if (path === '/') return;
    Notification.warning(`There is nothing at ${path}.`, { autoClose: 8000 });
    window.history.replaceState(null, '', '/');
  }
}
