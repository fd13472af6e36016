/** Links to a pass wherever one is mentioned. */
import { Fragment } from 'react';
import { passMentions } from './pass-words.ts';

export interface PassLinkProps {
  readonly passId: number;
  onOpenPass(passId: number): void;
}

export function PassLink({ passId, onOpenPass }: PassLinkProps): JSX.Element {
  return (
    <button type="button" className="ved-PassLink" title={`Show pass ${passId}`} onClick={() => onOpenPass(passId)}>
      pass {passId}
    </button>
  );
}

/** A message from the server in which each `pass 7` becomes a link. */
export function WithPassLinks({ text, onOpenPass }: { readonly text: string } & Pick<PassLinkProps, 'onOpenPass'>): JSX.Element {
  return (
    <>
      {passMentions(text).map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a sentence stay where they are
        <Fragment key={index}>{typeof piece === 'number' ? <PassLink passId={piece} onOpenPass={onOpenPass} /> : piece}</Fragment>
      ))}
    </>
  );
}
