#!/bin/sh
# Puts SAP's OData server and a Node.js for it (200 MB from npm) where test_cap.py looks for them:
#     tests/connectors/targets/odata/cap/install.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${GUIYI_TEST_CAP:-${XDG_CACHE_HOME:-$HOME/.cache}/guiyi/odata-cap}
mkdir -p "$cache"
cp "$here/package.json" "$cache/"
cd "$cache"
npm install --no-audit --no-fund --no-package-lock --loglevel=error
echo "$cache"
