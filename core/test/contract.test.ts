import { fillPath, InvalidInput, NotFound } from '@ved/core/contract';
import { expect } from 'chai';

describe('the path of a route', () => {
  it('percent-encodes its parameters', () => {
    expect(fillPath('/api/scripts/:id/diff', { id: 'a/b' })).to.equal('/api/scripts/a%2Fb/diff');
  });
  it('cannot be filled in without one of them', () => {
    expect(() => fillPath('/api/scripts/:id')).to.throw(TypeError, 'id');
  });
});

describe('a problem', () => {
  it('becomes a problem document, whose fixed members its data cannot overwrite', () => {
    const details = new InvalidInput('request/invalid', 'Say it better.', { data: { status: 200, twin_id: 3 } }).toDetails();
    expect(details).to.deep.include({ status: 400, code: 'request/invalid', detail: 'Say it better.', twin_id: 3 });
  });

  it('has a declared code, with the status of its class', () => {
    // @ts-expect-error No table has this code.
    const undeclared = new NotFound('core/no-such-code', 'It is not there.');
    // @ts-expect-error This code is declared with 400.
    const misused = new NotFound('request/invalid', 'It is not valid.');
    expect([undeclared.status, misused.status]).to.deep.equal([404, 404]);
  });
});
