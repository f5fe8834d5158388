# Sourced by scripts/test: the foreign SMPP client of tests/channels/node, where Node.js is there.
# Its tests skip with a reason where it is not, and fail where CI=true.

set_up_node_client() {
  local folder=$ROOT/tests/channels/node
  local mark=$folder/node_modules/.package-lock.json
  if ! command -v npm >/dev/null; then
    say "npm is not installed: the tests with node's smpp package are left out"
    return
  fi
  [ -e "$mark" ] && [ ! "$folder/package-lock.json" -nt "$mark" ] && return
  say "installing node's smpp package for the tests (once)"
  (cd "$folder" && npm ci --silent --ignore-scripts --no-audit --no-fund) ||
    say "npm ci failed in tests/channels/node: the tests with node's smpp package are left out"
}
