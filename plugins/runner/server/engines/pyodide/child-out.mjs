/**
 * Hands over what a script has left in /tmp/out, read from the nodes of its file
 * system in memory: no path is resolved below that folder, so no link is followed.
 */

const NAMED = 3;

/** Calls `write` with buffers of the form that file-section.ts reads. `limits`: {files, bytes, folders}. */
export function handOver(FS, folder, limits, write) {
  const leftOut = new Map();
  const leave = (reason, name) => {
    const known = leftOut.get(reason) ?? { count: 0, names: [] };
    known.count += 1;
    if (known.names.length < NAMED) known.names.push(name.slice(0, 300));
    leftOut.set(reason, known);
  };
  let { files, bytes } = limits;
  for (const { name, node } of filesIn(FS, folderNode(FS, folder, leave), '', limits.folders, leave)) {
    const data = FS.filesystems.MEMFS.getFileDataAsTypedArray(node);
    if (files === 0) leave('many', name);
    else if (data.length > bytes) leave('large', name);
    else {
      const encoded = Buffer.from(name);
      write(Buffer.from(`f ${encoded.length} ${data.length}\n`), encoded, data);
      files -= 1;
      bytes -= data.length;
    }
  }
  for (const [reason, { count, names }] of leftOut) {
    const encoded = Buffer.from(names.join('\0'));
    write(Buffer.from(`x ${reason} ${count} ${encoded.length}\n`), encoded);
  }
  write(Buffer.from('.\n'));
}

/** The node of a folder that is one; null when it has gone or is something else. */
function folderNode(FS, folder, leave) {
  try {
    const { node } = FS.lookupPath(folder, { follow: false });
    if (FS.isDir(node.mode)) return node;
    leave(FS.isLink(node.mode) ? 'link' : 'special', '');
  } catch {
    // It is not there: nothing was left.
  }
  return null;
}

function* filesIn(FS, folder, prefix, depth, leave) {
  const entries = Object.entries(folder?.contents ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [entry, node] of entries) {
    const name = prefix + entry;
    if (FS.isLink(node.mode)) leave('link', name);
    else if (FS.isFile(node.mode)) yield { name, node };
    else if (!FS.isDir(node.mode)) leave('special', name);
    else if (depth === 0) leave('deep', name);
    else yield* filesIn(FS, node, `${name}/`, depth - 1, leave);
  }
}

/** Whether there is anything to hand over. */
export function hasFiles(FS, folder) {
  let something = false;
  const node = folderNode(FS, folder, () => {
    something = true;
  });
  return something || Object.keys(node?.contents ?? {}).length > 0;
}
