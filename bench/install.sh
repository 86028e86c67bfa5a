#!/bin/sh
# Installs what the benchmark compares with, as far as it is missing: run once,
# as root, on Debian. Node may come from elsewhere, and then collides with
# Debian's npm: a package is only asked for where its program is missing.
set -eu
cd "$(dirname "$0")"

missing=""
want() { # PROGRAM PACKAGE
  command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

want wrk wrk
want nginx nginx-light
want lighttpd lighttpd
want node nodejs
want npm npm
want python3 python3
want taskset util-linux

if [ -n "$missing" ]; then
  apt-get update
  # Unquoted on purpose: a list of packages.
  apt-get install --yes --no-install-recommends $missing
fi
npm install --prefix peers/express --no-audit --no-fund
if command -v deno >/dev/null 2>&1; then
  deno cache --lock=deno.lock main.ts peers/hono.ts peers/oak.mjs
else
  npx -y deno@2.9.6 cache --lock=deno.lock main.ts peers/hono.ts peers/oak.mjs
fi
