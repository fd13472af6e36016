"""Hands over what a script has left in /tmp/out, in a process of its own: of
what it reads nothing stays in the memory from which the next child is forked.

It runs when every process of the script is gone, so that nothing changes while
it looks. It trusts nothing that it finds all the same: links are not followed,
only regular files are opened, and the bounds hold for whatever is there.

Out: as file-section.ts reads it. A process that ends before the last line has
handed over nothing that counts.
"""


def collect(folder, max_files, max_bytes, max_folders):
    import os
    import stat

    shown, chunk_bytes = 3, 65536
    left_out = {}

    def write(data):
        view = memoryview(data)
        while view:
            view = view[os.write(1, view) :]

    def leave(reason, path):
        entry = left_out.setdefault(reason, [0, []])
        entry[0] += 1
        if len(entry[1]) < shown:
            entry[1].append(path[len(folder) + 1 :][:1024])

    def entries_of(path):
        try:
            # A script may have closed its own folder to itself.
            os.chmod(path, 0o700)
            with os.scandir(path) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError:
            leave('unreadable', path)
            return []

    def walk(path, depth):
        """The regular files, in an order that is the same in every run."""
        for entry in entries_of(path):
            if entry.is_symlink():
                leave('link', entry.path)
            elif entry.is_file(follow_symlinks=False):
                yield entry.path
            elif not entry.is_dir(follow_symlinks=False):
                leave('special', entry.path)
            elif depth == max_folders:
                leave('deep', entry.path)
            else:
                yield from walk(entry.path, depth + 1)

    def open_file(path):
        """A descriptor and the size, or a reason."""
        try:
            os.chmod(path, 0o600)
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return 'unreadable', 0
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            reason = 'special'
        elif found.st_nlink != 1:
            reason = 'link'
        elif found.st_size > free_bytes:
            reason = 'large'
        else:
            return descriptor, found.st_size
        os.close(descriptor)
        return reason, 0

    def send(name, descriptor, size):
        write(b'f %d %d\n' % (len(name), size) + name)
        while size > 0:
            data = os.read(descriptor, min(size, chunk_bytes))
            if not data:
                os._exit(1)
            write(data)
            size -= len(data)
        os.close(descriptor)

    free_files, free_bytes = max_files, max_bytes
    mode = os.lstat(folder).st_mode
    if not stat.S_ISDIR(mode):
        leave('link' if stat.S_ISLNK(mode) else 'special', folder)
    else:
        for path in walk(folder, 0):
            if free_files == 0:
                leave('many', path)
                continue
            found, size = open_file(path)
            if isinstance(found, str):
                leave(found, path)
                continue
            send(path[len(folder) + 1 :], found, size)
            free_files -= 1
            free_bytes -= size
    for reason, (count, names) in left_out.items():
        joined = b'\0'.join(names)
        write(b'x %s %d %d\n' % (reason.encode(), count, len(joined)) + joined)
    write(b'.\n')
