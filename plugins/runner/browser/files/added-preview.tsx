/** A view of a file by another plugin. */
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt draws it again, and the same file has the same content
  useEffect(() => {
    let isShown = true;
    const element = document.createElement('div');
    element.className = 'ved-Files-added';
    host.current!.append(element);
    setError(null);
    // In an async function, so that one that throws is handled like one that rejects.
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
