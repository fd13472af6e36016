import { TooManyRequests } from '@ved/core/contract';
import { expect } from 'chai';
import { LoginThrottle } from '../server/accounts/login-throttle.ts';

describe('the throttle of sign-ins', () => {
  let now: number;
  let throttle: LoginThrottle;
  beforeEach(() => {
    now = 1_000_000;
    throttle = new LoginThrottle(() => now);
  });
  const wrong = (times: number, name = 'ed1', address = '10.0.0.1') => {
    for (let i = 0; i < times; i++) throttle.begin(name, address);
  };

  it('refuses the eleventh wrong password for a name, from wherever', () => {
    for (let i = 0; i < 10; i++) wrong(1, 'ed1', `10.0.0.${i}`);
    expect(() => wrong(1, 'ed1', '10.0.1.1')).to.throw(TooManyRequests);
    wrong(1, 'other', '10.0.1.1');
  });

  it('refuses the eleventh from an address, for whatever name', () => {
    for (let i = 0; i < 10; i++) wrong(1, `user${i}`);
    expect(() => wrong(1, 'another')).to.throw(TooManyRequests);
  });

  it('takes a network of IPv6 for one address', () => {
    for (let i = 0; i < 10; i++) wrong(1, `user${i}`, `2001:db8:0:1::${i}`);
    expect(() => wrong(1, 'another', '2001:db8:0:1:ffff::1')).to.throw(TooManyRequests);
    wrong(1, 'another', '2001:db8:0:2::1');
  });

  it('says how long to wait, and lets in after that', () => {
    wrong(1);
    now += 20_000;
    wrong(9);
    expect(() => wrong(1)).to.throw('in 40 s');
    now += 40_000;
    wrong(1);
    expect(() => wrong(1)).to.throw('in 20 s');
  });

  it('does not count the right ones', () => {
    for (let i = 0; i < 50; i++) throttle.begin('ed1', '10.0.0.1').succeeded();
    wrong(10);
  });

  it('counts attempts that are still being checked', () => {
    const attempts = Array.from({ length: 10 }, () => throttle.begin('ed1', '10.0.0.1'));
    expect(() => throttle.begin('ed1', '10.0.0.1')).to.throw(TooManyRequests);
    attempts[0]?.succeeded();
    throttle.begin('ed1', '10.0.0.1');
  });
});
