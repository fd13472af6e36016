import { fillPath, InvalidInput } from '@ved/core/contract';
import { expect } from 'chai';

describe('a path of the contract', () => {
  it('takes its parameters percent-encoded', () => {
    expect(fillPath('/api/scripts/:id/diff', { id: 'a/b' })).to.equal('/api/scripts/a%2Fb/diff');
  });
  it('refuses to be filled without one of them', () => {
    expect(() => fillPath('/api/scripts/:id')).to.throw(TypeError, 'id');
  });
});

describe('a problem', () => {
  it('becomes a problem document whose fixed members its data cannot overwrite', () => {
    const details = new InvalidInput('area/what', 'Say it better.', { data: { status: 200, twin_id: 3 } }).toDetails();
    expect(details).to.deep.include({ status: 400, code: 'area/what', detail: 'Say it better.', twin_id: 3 });
  });
});
