# Sourced by every script: makes .venv what pyproject.toml and requirements.lock say, then stands in
# the checkout's root. Rule: never touches the system's Python; a second run costs a fraction of a
# second; what is missing is named together with the command that brings it.
#
# PYTHON=/path/to/python3.12 chooses the interpreter.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$ROOT"
VENV=$ROOT/.venv

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $1"; shift; for line in "$@"; do say "  $line"; done; exit 2; }

# Prints `VERSION DIGEST`: the digest is of everything a ready .venv was made from.
read -r -d '' PROBE <<'PY' || true
import hashlib, sys
if sys.version_info < (3, 11):
    sys.exit(3)
made_of = hashlib.sha256(repr((sys.version, sys.argv[1])).encode())
for name in ("pyproject.toml", "requirements.lock", "scripts/_env.sh"):
    with open(name, "rb") as file:
        made_of.update(file.read())
print("%d.%d" % sys.version_info[:2], made_of.hexdigest())
PY

probe() { "$1" -I -c "$PROBE" "$ROOT" 2>/dev/null; }

find_python() {
  local candidate
  if [ -n "${PYTHON:-}" ]; then
    FOUND=$(probe "$PYTHON") && return
    die "PYTHON=$PYTHON is not a working Python 3.11 or newer"
  fi
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    command -v "$candidate" >/dev/null || continue
    PYTHON=$candidate
    FOUND=$(probe "$PYTHON") && return
  done
  die "Python 3.11 or newer is needed, and none was found" \
    "apt-get install python3 python3-venv" "or choose one: PYTHON=/path/to/python3 $0"
}

ready() {
  [ -x "$VENV/bin/gateway" ] && [ "$(cat "$VENV/stamp" 2>/dev/null)" = "$STAMP" ] &&
    "$VENV/bin/python" -c '' 2>/dev/null
}

install_with_uv() {
  export UV_SYSTEM_CERTS=1 # as pip does: an office's own certificate authority is honoured
  command -v uv >/dev/null &&
    uv venv --quiet --clear --python "$PYTHON" "$VENV" &&
    uv pip install --quiet --python "$VENV/bin/python" --require-hashes -r requirements.lock &&
    uv pip install --quiet --python "$VENV/bin/python" --no-deps --no-build-isolation --editable .
}

install_with_pip() {
  "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null ||
    die "this Python cannot make virtual environments (no ensurepip)" \
      "apt-get install python${FOUND%% *}-venv"
  "$PYTHON" -m venv --clear "$VENV" || die "could not make $VENV with $PYTHON"
  local pip=("$VENV/bin/python" -m pip -qq --disable-pip-version-check install)
  "${pip[@]}" --require-hashes -r requirements.lock &&
    "${pip[@]}" --no-deps --no-build-isolation --editable .
}

set_up() {
  say "setting up .venv with Python ${FOUND%% *} (once; about half a minute)"
  install_with_uv || install_with_pip ||
    die "the packages of requirements.lock could not be installed (pip's words are above)" \
      "they come from the package index pip is configured with; behind a mirror set PIP_INDEX_URL"
  printf '%s\n' "$STAMP" >"$VENV/stamp"
}

find_python
STAMP=${FOUND#* }
if ! ready; then
  # two scripts started together: the second waits for the first, then finds .venv ready
  if command -v flock >/dev/null; then exec 9<"$ROOT/scripts"; flock 9; fi
  ready || set_up
  exec 9<&-
fi
export PATH="$VENV/bin:$PATH"
