/**
 * An HTML page that a script has written, in a frame with an opaque origin. Its
 * scripts run only on request, and cannot reach anything outside the frame.
 */
import { useState } from 'react';

export function PagePreview({ url, name }: { url: string; name: string }): JSX.Element {
  const [scripts, setScripts] = useState(false);
  return (
    <>
      <p className="ved-File-note">
        {scripts
          ? 'Scripts in this page are running, without access to the workspace or the network.'
          : 'Scripts in this page are disabled.'}{' '}
        <button type="button" className="ved-RunHeader-button" onClick={() => setScripts(!scripts)}>
          {scripts ? 'Stop scripts' : 'Run scripts'}
        </button>
      </p>
      <iframe
        key={String(scripts)}
        className="ved-FilePage"
        // Never allow-same-origin: that would give it access to the workspace.
        sandbox={scripts ? 'allow-scripts' : ''}
        referrerPolicy="no-referrer"
        src={url}
        title={name}
      />
    </>
  );
}
