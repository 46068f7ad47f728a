#!/usr/bin/env bash
# The web page in a real browser: builds the server, indexes the samples and hostile documents,
# serves them, and runs the tests. Needs Debian's chromium and npm; installs what is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

chromium=${CHROMIUM:-$(command -v chromium || true)}
if [ -z "$chromium" ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk
    chromium=$(command -v chromium)
fi
# A binary that stands already is taken as it is.
zhengsou=${ZHENGSOU:-${CARGO_TARGET_DIR:-$root/target}/debug/zhengsou}
[ -n "${ZHENGSOU:-}" ] || cargo build --locked --manifest-path "$root/Cargo.toml"
(cd "$here" && npm ci --no-audit --no-fund --silent)

scratch=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$scratch"
}
trap finish EXIT

node "$here/hostile.js" "$scratch/hostile"
"$zhengsou" -q --index "$scratch/index" index "$root/data_samples" "$scratch/hostile"
"$zhengsou" --lang en --index "$scratch/index" serve --listen 127.0.0.1:0 2>"$scratch/log" &
server=$!
for _ in $(seq 100); do
    url=$(sed -n 's|.*\(http://127.0.0.1:[0-9]*\)/.*|\1|p' "$scratch/log" | head -1)
    [ -z "$url" ] || break
    sleep 0.1
done
if [ -z "$url" ]; then
    cat "$scratch/log" >&2
    exit 1
fi

cd "$here"
ZHENGSOU_URL=$url CHROMIUM=$chromium node --test
