import { expect } from 'chai';
import { CatalogState } from '../browser/catalog-state.ts';

describe('the state of the catalog panel', () => {
  function watched() {
    const state = new CatalogState();
    let changes = 0;
    state.changed.connect(() => {
      changes += 1;
    });
    return { state, changes: () => changes };
  }

  it('reports another selection, but not the same again', () => {
    const { state, changes } = watched();
    state.select(3);
    state.select(3);
    expect([state.selectedId, changes()]).to.deep.equal([3, 1]);
    state.select(null);
    expect([state.selectedId, changes()]).to.deep.equal([null, 2]);
  });

  it('reports a search', () => {
    const { state, changes } = watched();
    state.search('orders');
    expect([state.query, changes()]).to.deep.equal(['orders', 1]);
  });

  it('reports which scripts are open, keeping selection and search', () => {
    const { state, changes } = watched();
    state.select(3);
    state.search('orders');
    state.setOpen(new Map([[4, { dirty: true }]]), 4);
    expect([state.open.get(4)?.dirty, state.currentId, state.selectedId, state.query]).to.deep.equal([true, 4, 3, 'orders']);
    expect(changes()).to.equal(3);
  });
});
