/** A picture: as wide as there is room, or at its own size. A drawing is a picture too: as one it runs nothing. */
import { PanelError } from '@ved/core/browser';
import { useState } from 'react';

export function PicturePreview({ url, name }: { url: string; name: string }): JSX.Element {
  const [actual, setActual] = useState(false);
  const [broken, setBroken] = useState(false);
  if (broken)
    return <PanelError what={`${name} could not be shown.`} error={new Error('It is not a picture of the kind that its name says.')} />;
  return (
    <div className="ved-FilePicture">
      <button
        type="button"
        aria-pressed={actual}
        aria-label={`${name}, actual size`}
        title={actual ? 'Fit to the width' : 'Show at its actual size'}
        onClick={() => setActual(!actual)}
      >
        <img className={actual ? 'ved-mod-actual' : ''} src={url} alt={name} onError={() => setBroken(true)} />
      </button>
    </div>
  );
}
