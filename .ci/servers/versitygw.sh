# shellcheck shell=bash
# versitygw over a folder: a second opinion on conditions and checksums.

start_versitygw() {
  local folder=$1 port
  port=$(free_port)
  # Both folders as absolute paths: with relative ones it believes that one contains the other, and refuses.
  mkdir -p "$folder/data" "$folder/versions"
  spawn versitygw "$folder" "$SERVERS/bin/versitygw" --access "$ACCESS_KEY" --secret "$SECRET_KEY" \
    --port "127.0.0.1:$port" --region us-east-1 --quiet --health /health \
    posix --versioning-dir "$folder/versions" "$folder/data"
  local url=http://127.0.0.1:$port
  ready 20 "$folder/versitygw.pid" curl -sf "$url/health"
  make_bucket "$url"
  export_to "$folder" ANYSTORE_TEST_VERSITYGW_URL "$url"
}

stop_versitygw() { stop_process "$1/versitygw.pid"; }
