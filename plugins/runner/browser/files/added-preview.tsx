/** The view of a file that another plugin brings. */
import { PanelError } from '@ved/core/browser';
import type { RunFile, RunFileContent, RunFilePreview } from '@ved/runner/contract';
import { useEffect, useRef, useState } from 'react';

export interface AddedPreviewProps {
  readonly preview: RunFilePreview;
  readonly file: RunFile;
  readonly content: RunFileContent;
}

export function AddedPreview({ preview, file, content }: AddedPreviewProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt draws it again; of the same file the content is the same
  useEffect(() => {
    let isShown = true;
    const element = document.createElement('div');
    element.className = 'ved-Files-added';
    host.current!.append(element);
    setError(null);
    // One that throws at once has failed as one that rejects.
    const drawn = (async () => preview.show(file, element, content))();
    drawn.catch((reason: unknown) => isShown && setError(reason));
    return () => {
      isShown = false;
      element.remove();
      void drawn.then((end) => end()).catch(() => undefined);
    };
  }, [preview, file.sha256, attempt]);
  return (
    <>
      {error !== null && (
        <PanelError what={`${preview.label} could not be shown.`} error={error} onRetry={() => setAttempt((count) => count + 1)} />
      )}
      <div ref={host} hidden={error !== null} />
    </>
  );
}
