#!/bin/sh
# Puts what the browser tests need where they look: Debian's Chromium, and axe-core (3 MB from npm).
#     tests/console/browser/install.sh
set -eu
axe=axe-core@4.14.1
cache=${GUIYI_TEST_AXE:-${XDG_CACHE_HOME:-$HOME/.cache}/guiyi/axe-core}
if ! command -v chromium >/dev/null; then
    sudo=$(test "$(id -u)" = 0 || echo sudo)
    $sudo apt-get update -qq
    $sudo env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk
fi
mkdir -p "$cache"
cd "$cache"
if ! grep -q "\"${axe#*@}\"" node_modules/axe-core/package.json 2>/dev/null; then
    npm install --no-audit --no-fund --no-package-lock --no-save --loglevel=error "$axe"
fi
echo "$cache"
