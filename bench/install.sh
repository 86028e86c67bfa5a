#!/bin/sh
# Installs what the benchmark compares with: run once, as root, on Debian.
set -eu
cd "$(dirname "$0")"

apt-get update
apt-get install --yes --no-install-recommends \
  wrk nginx-light lighttpd nodejs npm python3 util-linux
npm install --prefix peers/express --no-audit --no-fund
deno cache --lock=deno.lock main.ts peers/hono.ts peers/oak.mjs
