#!/bin/bash
# Builds two small images of other Pythons for tests from Debian packages: an older CPython, and PyPy, which is not CPython at all.
# usage: other-pythons-image.sh   (needs mmdebstrap, docker, root; writes a temporary file to the current folder)
set -euo pipefail
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1700000000}
T=$(mktemp -p .)
trap 'rm -f $T' EXIT
mmdebstrap --quiet --mode=root --format=tar --variant=extract --include="base-files,python3.11,pypy3,dash,coreutils,libc-bin,media-types" \
 --keyring=/usr/share/keyrings/debian-archive-keyring.gpg --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
 --extract-hook='cd "$1"; mkdir -p etc usr/local/pypy usr/local/cpython; printf "root:x:0:0::/root:/bin/sh\nrunner:x:65534:65534::/tmp:/bin/sh\n" > etc/passwd; printf "root:x:0:\nrunner:x:65534:\n" > etc/group; ln -s /usr/bin/pypy3 usr/local/pypy/python3; ln -s /usr/bin/python3.11 usr/local/cpython/python3; rm -rf usr/share/doc usr/share/man usr/share/locale var/lib/apt var/cache/apt' \
 bookworm "$T"
for name in cpython pypy; do
  docker import --change "ENV PATH=/usr/local/$name:/usr/bin:/bin" --change 'ENV LANG=C.UTF-8' --change 'CMD ["python3"]' "$T" "ved-test-$name:other"
done
