# shellcheck shell=bash
# Where the servers live, who may talk to them, and how tests learn their addresses.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly ROOT SERVERS=$ROOT/.servers # ignored by git: bin, lib, run, log

# Made up, and the same everywhere: they open nothing but loopback.
readonly ACCESS_KEY=testaccess SECRET_KEY=testsecret12345 BUCKET=anystore-test

# ready SECONDS PIDFILE COMMAND...: waits until the command succeeds, and no longer than the process lives.
ready() {
  local seconds=$1 pidfile=$2
  shift 2
  if ! wait_until "$seconds" succeeds_or_is_dead "$pidfile" "$@" || is_stopped "$pidfile"; then
    echo "not ready within $seconds s; the end of ${pidfile%.pid}.log:" >&2
    tail -n 20 "${pidfile%.pid}.log" >&2
    return 1
  fi
}

succeeds_or_is_dead() { is_stopped "$1" || "${@:2}"; }

# make_bucket URL [CURL OPTION...]
make_bucket() {
  curl -sS --fail-with-body -o /dev/null -X PUT "${@:2}" --max-time 30 \
    --aws-sigv4 aws:amz:us-east-1:s3 --user "$ACCESS_KEY:$SECRET_KEY" \
    -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "$1/$BUCKET"
}

# export_to FOLDER NAME VALUE [NAME VALUE...]: what a started server tells the tests. Written last: a folder that has
# this file had a server that answered.
export_to() {
  local folder=$1
  shift
  while (($# > 0)); do
    printf 'export %s=%q\n' "$1" "$2"
    shift 2
  done >"$folder/env"
}

has_started() {
  local pidfile
  [[ -f $1/env ]] || return 1
  for pidfile in "$1"/*.pid; do
    is_running "$pidfile" || return 1
  done
}

address() { sed -n '/^export [A-Z0-9_]*_URL=/{s///p;q}' "$1/env"; }

# One file with the addresses of all servers that were started, for `source` and for people.
collect_environment() {
  local file
  mkdir -p "$SERVERS/run"
  {
    printf 'export ANYSTORE_TEST_ACCESS_KEY=%q\n' "$ACCESS_KEY"
    printf 'export ANYSTORE_TEST_SECRET_KEY=%q\n' "$SECRET_KEY"
    printf 'export ANYSTORE_TEST_BUCKET=%q\n' "$BUCKET"
    for file in "$SERVERS"/run/*/env; do
      [[ ! -f $file ]] || cat "$file"
    done
  } >"$SERVERS/run/env.new"
  mv "$SERVERS/run/env.new" "$SERVERS/run/env"
}
