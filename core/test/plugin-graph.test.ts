import { Token } from '@lumino/coreutils';
import { expect } from 'chai';
import { checkPlugins } from '../server/host/graph.ts';
import { plugin } from './support/plugins.ts';

const Clock = new Token<unknown>('test:Clock');
const Store = new Token<unknown>('test:Store');

const idsOf = (plugins: Parameters<typeof checkPlugins>[0]) => checkPlugins(plugins).order.map(({ id }) => id);
const faultsOf = (plugins: Parameters<typeof checkPlugins>[0]) => checkPlugins(plugins).faults;

describe('the declarations of plugins', () => {
  it('put every provider before its dependants', () => {
    expect(
      idsOf([plugin('c', { requires: [Store] }), plugin('b', { provides: Store, optional: [Clock] }), plugin('a', { provides: Clock })]),
    ).to.deep.equal(['a', 'b', 'c']);
  });

  it('keep the order of the list among independent plugins', () => {
    expect(idsOf([plugin('b'), plugin('a'), plugin('c')])).to.deep.equal(['b', 'a', 'c']);
  });

  it('may leave an optional token without a provider', () => {
    expect(faultsOf([plugin('a', { optional: [Clock] })])).to.deep.equal([]);
  });

  it('are refused for a duplicate, malformed or reserved id', () => {
    expect(faultsOf([plugin('a'), plugin('a')])).to.deep.equal(['two plugins have the id a']);
    expect(faultsOf([plugin('a-b')])[0]).to.contain('"a-b"');
    expect(faultsOf([plugin('core')])).to.deep.equal(['the plugin id core is reserved']);
  });

  it('are refused for two providers of one token', () => {
    expect(faultsOf([plugin('a', { provides: Clock }), plugin('b', { provides: Clock })])).to.deep.equal([
      'a and b both provide test:Clock',
    ]);
  });

  it('are refused for a token that nobody provides', () => {
    expect(faultsOf([plugin('a', { requires: [Clock] })])).to.deep.equal(['a requires test:Clock, which no plugin provides']);
  });

  it('are refused for a required plugin on an optional one', () => {
    const faults = faultsOf([plugin('a', { requires: [Clock] }), plugin('b', { provides: Clock, required: false })]);
    expect(faults).to.deep.equal(['a is required and requires test:Clock, but its provider b is optional']);
  });

  it('are refused for a cycle, which is named once', () => {
    const faults = faultsOf([plugin('a', { provides: Clock, requires: [Store] }), plugin('b', { provides: Store, optional: [Clock] })]);
    expect(faults).to.deep.equal(['plugins depend on each other in a cycle: a (test:Clock) → b (test:Store) → a (test:Clock)']);
  });

  it('are refused for two migrations with the same name', () => {
    const step = { name: '001', up: async () => undefined, down: async () => undefined };
    expect(faultsOf([plugin('a', { migrations: [step, step] })])).to.deep.equal(['a has two migrations named 001']);
  });

  it('report all faults together', () => {
    expect(faultsOf([plugin('a', { requires: [Clock] }), plugin('a'), plugin('b', { requires: [Store] })])).to.have.length(3);
  });
});
