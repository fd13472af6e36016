"""Runs as process 1 of the container from which a layer of packages is made.

It has pip install wheels into a folder, and nothing else: no package's own
code runs here. Whoever asked may go at any time; the end of stdin ends it.

In:  a line of JSON {requirements, index, folder, maxBytes, timeoutSeconds}.
Out: what pip says, on both streams; at the end a line that lists what is there;
the exit code tells how it ended.
"""
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
import time

NO_PIP, TOO_LARGE, TOO_LONG, OUT_OF_MEMORY = 3, 4, 5, 137
# What a file costs at least, be it empty; so the bound on size is one on their number, too.
SMALLEST = 4096


def end_with_stdin():
    sys.stdin.buffer.read()
    os._exit(9)


def size_of(folder):
    total = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    total += SMALLEST + size_of(entry.path)
                else:
                    total += max(SMALLEST, entry.stat(follow_symlinks=False).st_blocks * 512)
            except FileNotFoundError:
                pass
    return total


def install(job):
    packages, work = job['folder'] + '/packages', job['folder'] + '/work'
    command = [sys.executable, '-m', 'pip', '--isolated', '--no-input', '--no-color', '--no-cache-dir']
    command += ['--disable-pip-version-check', '--retries', '1', '--timeout', '10', 'install', '--only-binary', ':all:']
    if job['index'] is not None:
        command += ['--index-url', job['index']]
    command += ['--progress-bar', 'off', '--target', packages, '--', *job['requirements']]
    pip = subprocess.Popen(command, env={**os.environ, 'HOME': work, 'TMPDIR': work}, cwd=work, stdin=subprocess.DEVNULL)
    deadline = time.monotonic() + job['timeoutSeconds']
    while True:
        try:
            code = pip.wait(0.25)
        except subprocess.TimeoutExpired:
            code = None
        try:
            if size_of(job['folder']) > job['maxBytes']:
                return TOO_LARGE
        except FileNotFoundError:
            continue
        if code is not None:
            break
        if time.monotonic() > deadline:
            return TOO_LONG
    shutil.rmtree(work)
    if code == 0:
        kept = '.dist-info'
        found = sorted(name.removesuffix(kept) for name in os.listdir(packages) if name.endswith(kept))
        print(f'\nved: installed {json.dumps(found)}', flush=True)
    # Killed: only want of memory does that here.
    return 0 if code == 0 else OUT_OF_MEMORY if code == -9 else 1


job = json.loads(sys.stdin.buffer.readline())
threading.Thread(target=end_with_stdin, daemon=True).start()
os._exit(install(job) if importlib.util.find_spec('pip') else NO_PIP)
