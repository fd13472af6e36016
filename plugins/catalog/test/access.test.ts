import { catalogRoutes } from '@ved/catalog/contract';
import { fillPath, type RouteDefinition } from '@ved/core/contract';
import { expect } from 'chai';
import { type CatalogServer, startCatalog } from './support/catalog-server.ts';

describe('a route of the catalog', () => {
  let catalog: CatalogServer;
  before(async () => {
    catalog = await startCatalog();
  });
  after(() => catalog.stop());

  for (const [name, route] of Object.entries(catalogRoutes) as [string, RouteDefinition][]) {
    const path = fillPath(route.path, { id: 4711 });

    it(`${name} requires a session`, async () => {
      expect((await catalog.server.agent().request(route.method, path)).status).to.equal(401);
    });
    if (route.access === 'editor') {
      it(`${name} is refused to a viewer, whether or not the script exists`, async () => {
        expect((await catalog.viewer.request(route.method, path, route.method === 'GET' ? undefined : {})).status).to.equal(403);
      });
    }
  }
});
