import { TooManyRequests } from '@ved/core/contract';
import { expect } from 'chai';
import { LoginThrottle } from '../server/accounts/login-throttle.ts';
import { deferred } from './support/deferred.ts';

describe('the throttle of sign-ins', () => {
  let now: number;
  let throttle: LoginThrottle;
  beforeEach(() => {
    now = 1_000_000;
    throttle = new LoginThrottle(() => now);
  });
  const wrong = async (times: number, name = 'ed1', address = '10.0.0.1') => {
    for (let i = 0; i < times; i++) await throttle.run(name, address, async () => null);
  };
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => 'let in',
      (error) => (error instanceof TooManyRequests ? error.message : String(error)),
    );
  const throttled = /^Too many wrong passwords/;

  it('refuses the eleventh wrong password for a name, from any address', async () => {
    for (let i = 0; i < 10; i++) await wrong(1, 'ed1', `10.0.0.${i}`);
    expect(await refusal(wrong(1, 'ed1', '10.0.1.1'))).to.match(throttled);
    expect(await refusal(wrong(1, 'other', '10.0.1.1'))).to.equal('let in');
  });

  it('refuses the eleventh from an address, for any name', async () => {
    for (let i = 0; i < 10; i++) await wrong(1, `user${i}`);
    expect(await refusal(wrong(1, 'another'))).to.match(throttled);
  });

  it('treats an IPv6 network as one address', async () => {
    for (let i = 0; i < 10; i++) await wrong(1, `user${i}`, `2001:db8:0:1::${i}`);
    expect(await refusal(wrong(1, 'another', '2001:db8:0:1:ffff::1'))).to.match(throttled);
    expect(await refusal(wrong(1, 'another', '2001:db8:0:2::1'))).to.equal('let in');
  });

  it('says how long to wait, and accepts sign-ins after that', async () => {
    await wrong(1);
    now += 20_000;
    await wrong(9);
    expect(await refusal(wrong(1))).to.contain('in 40 s');
    now += 40_000;
    expect(await refusal(wrong(1))).to.equal('let in');
    expect(await refusal(wrong(1))).to.contain('in 20 s');
  });

  it('counts neither correct passwords nor failed checks', async () => {
    for (let i = 0; i < 50; i++) await throttle.run('ed1', '10.0.0.1', async () => 'right');
    for (let i = 0; i < 50; i++) await refusal(throttle.run('ed1', '10.0.0.1', () => Promise.reject(new Error('no database'))));
    expect(await refusal(wrong(10))).to.equal('let in');
  });

  it('forgets nobody because of any number of invented names', async () => {
    await wrong(10, 'ed1', '10.0.0.1');
    for (let i = 0; i < 1_000; i++) await refusal(throttle.run(`made-up-${i}`, '10.0.0.1', async () => null));
    expect(await refusal(wrong(1, 'ed1', '10.0.0.2'))).to.match(throttled);
    expect(throttle.size).to.equal(2);
    for (let i = 0; i < 21_000; i++) await refusal(throttle.run(`made-up-${i}`, `10.1.${i >> 8}.${i & 255}`, async () => null));
    expect(await refusal(wrong(1, 'ed1', '10.0.0.2'))).to.match(throttled);
  });

  it('forgets everything after a minute', async () => {
    for (let i = 0; i < 20; i++) await wrong(1, `name${i}`, `10.0.0.${i}`);
    now += 60_001;
    await wrong(1, 'last', '10.9.9.9');
    expect(throttle.size).to.equal(2);
  });

  it('lets any number of people sign in at the same time', async () => {
    const all = Array.from({ length: 100 }, (_, index) => throttle.run(`user${index}`, '10.0.0.1', async () => index));
    expect(await Promise.all(all)).to.have.length(100);
  });

  it('allows no more than ten guesses in parallel', async () => {
    const answer = deferred();
    let checked = 0;
    const guesses = Array.from({ length: 100 }, () =>
      refusal(
        throttle.run('ed1', '10.0.0.1', async () => {
          checked++;
          await answer.promise;
          return null;
        }),
      ),
    );
    answer.resolve();
    expect((await Promise.all(guesses)).filter((outcome) => outcome === 'let in')).to.have.length(10);
    expect(checked).to.equal(10);
  });
});
