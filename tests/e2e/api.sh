#!/usr/bin/env bash
# The API's description against a public validator, schemathesis against the running server, and the
# tools for assistants through the official client; over the samples.
#
#   tests/e2e/api.sh        needs Python 3.10 or later; installs what it drives into target/e2e-api
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=target/e2e-api
if ! "$venv/bin/python" -c 'import schemathesis, openapi_spec_validator, mcp' 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'schemathesis>=4,<5' 'openapi-spec-validator>=0.9,<1' 'mcp>=2,<3'
fi
# A binary that stands already is taken as it is.
zhengsou=${ZHENGSOU:-${CARGO_TARGET_DIR:-target}/debug/zhengsou}
[ -n "${ZHENGSOU:-}" ] || cargo build --locked --quiet

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
export ZHENGSOU_INDEX="$work/index"
"$zhengsou" index data_samples --quiet

"$zhengsou" serve --listen 127.0.0.1:0 --set rate=0 --lang en 2>"$work/log" &
server=$!
for _ in $(seq 100); do
    base=$(sed -n 's/^open \(http[^ ]*\)\/ in.*/\1/p' "$work/log")
    [ -n "$base" ] && break
    sleep 0.1
done
[ -n "$base" ] || { cat "$work/log" >&2; exit 1; }

"$venv/bin/python" - "$base" <<'PYTHON'
import json, sys, urllib.request
from openapi_spec_validator import OpenAPIV31SpecValidator
document = json.load(urllib.request.urlopen(sys.argv[1] + "/openapi.json"))
OpenAPIV31SpecValidator(document).validate()
print("openapi:", document["openapi"], "with", len(document["paths"]), "paths is valid")
PYTHON

# No server error, no answer that the description does not allow, and no request taken that it
# forbids. Requests that it allows may still be refused: a query has a grammar of its own.
"$venv/bin/schemathesis" --config-file tests/e2e/schemathesis.toml run "$base/openapi.json" --seed 1 --max-examples "${EXAMPLES:-40}" \
    --suppress-health-check all

"$venv/bin/python" tests/e2e/assistant.py "$zhengsou" "$base"
