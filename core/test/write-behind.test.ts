import { expect } from 'chai';
import { ApiError, ServerUnreachable } from '../browser/client/api-error.ts';
import { reportOnce } from '../browser/state/refusals.ts';
import { WriteBehind } from '../browser/state/write-behind.ts';

const refusal = new ApiError(413, { type: '', title: '', status: 413, detail: 'Too large.', code: 'http/too-large' });

describe('values on their way to the server', () => {
  /** Records all requests and answers them with `answer`. */
  const queue = (answer: () => Promise<void>) => {
    const sent: Record<string, string>[] = [];
    const refused: unknown[] = [];
    const send = async (values: ReadonlyMap<string, string>) => {
      sent.push(Object.fromEntries(values));
      await answer();
    };
    return { writes: new WriteBehind<string>({ send, onRefused: (error) => refused.push(error) }), sent, refused };
  };

  it('go in one request with the latest value of each key', async () => {
    const { writes, sent } = queue(async () => undefined);
    writes.set('a', 'old');
    writes.set('b', 'kept');
    writes.set('a', 'new');
    await writes.flush();
    await writes.flush();
    expect(sent).to.deep.equal([{ a: 'new', b: 'kept' }]);
  });

  it('are sent again when the server could not be reached, unless there is a newer one', async () => {
    let reachable = false;
    const { writes, sent, refused } = queue(async () => {
      if (!reachable) throw new ServerUnreachable();
    });
    writes.set('a', 'first');
    writes.set('b', 'second');
    await writes.flush();
    writes.set('a', 'newer');
    reachable = true;
    await writes.flush();
    expect(sent).to.deep.equal([
      { a: 'first', b: 'second' },
      { a: 'newer', b: 'second' },
    ]);
    expect(refused).to.deep.equal([]);
  });

  it('are dropped and reported when the server refuses them', async () => {
    const { writes, sent, refused } = queue(async () => {
      throw refusal;
    });
    writes.set('a', 'too large');
    await writes.flush();
    await writes.flush();
    expect(sent).to.have.length(1);
    expect(refused).to.deep.equal([refusal]);
  });

  it('are kept for later when the server is too busy', async () => {
    const busy = new ApiError(429, { type: '', title: '', status: 429, detail: 'Later.', code: 'core/busy' }, 20);
    const { writes, sent, refused } = queue(async () => {
      if (sent.length === 1) throw busy;
    });
    writes.set('a', '1');
    await writes.flush();
    expect([...writes.unconfirmed]).to.deep.equal([['a', '1']]);
    await writes.flush();
    expect([sent, refused]).to.deep.equal([[{ a: '1' }, { a: '1' }], []]);
  });

  it('are sent one by one when one of them is refused, and only that one is reported', async () => {
    const sent: string[][] = [];
    const refused: unknown[] = [];
    const send = async (values: ReadonlyMap<string, string>) => {
      sent.push([...values.keys()]);
      if (values.has('large')) throw refusal;
    };
    const writes = new WriteBehind<string>({ send, onRefused: (error) => refused.push(error) });
    for (const key of ['a', 'large', 'b']) writes.set(key, '1');
    await writes.flush();
    expect(sent).to.deep.equal([['a', 'large', 'b'], ['a'], ['large'], ['b']]);
    expect(refused).to.deep.equal([refusal]);
    expect([...writes.unconfirmed]).to.deep.equal([]);
  });

  it('are reported only once in a while when refused repeatedly', () => {
    const said: string[] = [];
    let now = 0;
    const hear = reportOnce(
      (message) => said.push(message),
      () => now,
    );
    for (let change = 0; change < 100; change++) hear(refusal);
    expect(said).to.have.length(1);
    expect(said[0]).to.contain('Too large.').and.to.contain('could not be saved on the server');
    now = 600_000;
    hear(refusal);
    expect(said).to.have.length(2);
  });

  it('outlive the page until the server has confirmed them', async () => {
    let kept: ReadonlyMap<string, string> = new Map();
    const storage = {
      read: () => kept,
      keep: (values: ReadonlyMap<string, string>) => {
        kept = values;
      },
    };
    const sent: Record<string, string>[] = [];
    let confirm = (): void => undefined;
    const send = (values: ReadonlyMap<string, string>) => {
      sent.push(Object.fromEntries(values));
      return new Promise<void>((resolve) => (confirm = resolve));
    };
    const page = () => new WriteBehind<string>({ send, onRefused: () => undefined, kept: storage });

    const first = page();
    first.set('a', 'on its way');
    void first.flush();
    first.set('b', 'not yet sent');
    const next = page();
    expect(Object.fromEntries(next.unconfirmed)).to.deep.equal({ a: 'on its way', b: 'not yet sent' });
    const flushed = next.flush();
    expect(sent.at(-1)).to.deep.equal({ a: 'on its way', b: 'not yet sent' });
    confirm();
    await flushed;
    expect([...kept]).to.deep.equal([]);
  });
});
