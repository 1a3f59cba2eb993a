# shellcheck shell=bash
# fake-gcs-server in memory: a second opinion on the JSON API. It asks nobody who he is.

start_fake-gcs() {
  local folder=$1 port
  port=$(free_port)
  # Both addresses: one goes into the addresses of upload sessions, the other decides what is a path of an object.
  spawn fake-gcs "$folder" "$SERVERS/bin/fake-gcs-server" -scheme http -host 127.0.0.1 -port "$port" \
    -public-host "127.0.0.1:$port" -external-url "http://127.0.0.1:$port" -backend memory -log-level error
  local url=http://127.0.0.1:$port
  ready 20 "$folder/fake-gcs.pid" curl -sf "$url/storage/v1/b?project=p"
  export_to "$folder" ANYSTORE_TEST_FAKE_GCS_URL "$url"
}

stop_fake-gcs() { stop_process "$1/fake-gcs.pid"; }
