/** A picture, fitted to the width or at its actual size. SVG is shown as an image too, so that no scripts in it run. */
import { PanelError } from '@ved/core/browser';
import { useState } from 'react';

export function PicturePreview({ url, name }: { url: string; name: string }): JSX.Element {
  const [actual, setActual] = useState(false);
  const [broken, setBroken] = useState(false);
  if (broken)
    return (
      <PanelError what={`${name} could not be shown.`} error={new Error('Its content is not an image of the type that its name says.')} />
    );
  return (
    <div className="ved-FilePicture">
      <button
        type="button"
        aria-pressed={actual}
        aria-label={`${name}, actual size`}
        title={actual ? 'Fit to width' : 'Show at actual size'}
        onClick={() => setActual(!actual)}
      >
        <img className={actual ? 'ved-mod-actual' : ''} src={url} alt={name} onError={() => setBroken(true)} />
      </button>
    </div>
  );
}
