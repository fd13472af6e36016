/**
 * A page that a script has made, in a frame with an origin of nobody. Its scripts
 * run when a person says so, and reach nothing outside of the frame.
 */
import { useState } from 'react';

export function PagePreview({ url, name }: { url: string; name: string }): JSX.Element {
  const [scripts, setScripts] = useState(false);
  return (
    <>
      <p className="ved-File-note">
        {scripts ? 'Its scripts run, shut off from the workspace and the network.' : 'Scripts in it do not run.'}{' '}
        <button type="button" className="ved-RunHeader-button" onClick={() => setScripts(!scripts)}>
          {scripts ? 'Stop its scripts' : 'Run its scripts'}
        </button>
      </p>
      <iframe
        key={String(scripts)}
        className="ved-FilePage"
        // Never allow-same-origin: it would be a page of the workspace.
        sandbox={scripts ? 'allow-scripts' : ''}
        referrerPolicy="no-referrer"
        src={url}
        title={name}
      />
    </>
  );
}
