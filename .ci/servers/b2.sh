# shellcheck shell=bash
# Backblaze's own simulator behind our HTTP face: the second opinion on what B2 does.

start_b2() {
  local folder=$1 port
  port=$(free_port)
  spawn b2 "$folder" "$SERVERS/venv/b2sdk/bin/python" "$ROOT/.ci/servers/b2face.py" "$port"
  # Any answer will do: without a key there is only a refusal.
  ready 30 "$folder/b2.pid" curl -s -o /dev/null "http://127.0.0.1:$port/"
  local id key
  read -r id key <"$folder/b2.log"
  export_to "$folder" ANYSTORE_TEST_B2_URL "http://127.0.0.1:$port" ANYSTORE_TEST_B2_KEY_ID "$id" ANYSTORE_TEST_B2_KEY "$key"
}

stop_b2() { stop_process "$1/b2.pid"; }
