import type { ILabShell } from '@jupyterlab/application';
import { expect } from 'chai';
import { atWidth, sharesFor } from '../browser/shell/side-widths.ts';

describe('a layout saved on one screen', () => {
  it('has sides of the same width on a wider one', () => {
    const [left, main, right] = sharesFor([0.2, 0.6, 0.2], 1400, 2800);
    expect([left, main, right].map((share) => Math.round(share * 2800))).to.deep.equal([280, 2240, 280]);
  });

  it('leaves room for an editor on a narrower one', () => {
    const [left, main, right] = sharesFor([0.2, 0.7, 0.1], 3840, 1280);
    expect(main).to.be.closeTo(0.4, 1e-9);
    expect(left / right).to.be.closeTo(2, 1e-9);
  });

  it('is unchanged when the width is the same, or was not saved', () => {
    const layout = { relativeSizes: [0.5, 0.4, 0.1] } as ILabShell.ILayout;
    expect(atWidth(layout, 1400, 1400)).to.equal(layout);
    expect(atWidth(layout, undefined, 1400)).to.equal(layout);
    expect(atWidth(layout, 2800, 1400).relativeSizes?.[1]).to.be.closeTo(0.4, 1e-9);
  });

  it('keeps closed sides closed', () => {
    expect(sharesFor([0, 1, 0], 1400, 3840)).to.deep.equal([0, 1, 0]);
  });
});
