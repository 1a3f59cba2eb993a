# shellcheck shell=bash
# Azurite, plain or with TLS: the one server that speaks Azure's protocol without an account.

# azurite FOLDER [https]
start_azurite() {
  local folder=$1 scheme=${2:-http} port options=()
  port=$(free_port)
  if [[ $scheme == https ]]; then
    make_certificate "$folder/tls"
    # Tokens are read, and their signature is not looked at; without TLS it takes none.
    options=(--cert "$folder/tls/public.crt" --key "$folder/tls/private.key" --oauth basic)
  fi
  local key
  key=$(printf %s "$SECRET_KEY" | base64)
  AZURITE_ACCOUNTS=$ACCESS_KEY:$key spawn azurite "$folder" node \
    "$SERVERS/npm/node_modules/azurite/dist/src/blob/main.js" --blobHost 127.0.0.1 --blobPort "$port" \
    --inMemoryPersistence --disableTelemetry --silent --skipApiVersionCheck "${options[@]}"
  local url=$scheme://127.0.0.1:$port
  # Any answer will do: it knows nobody without a signature.
  ready 30 "$folder/azurite.pid" curl -s -o "$folder/answer" ${options:+--cacert "$folder/tls/public.crt"} "$url/"
  if [[ $scheme == https ]]; then
    export_to "$folder" ANYSTORE_TEST_AZURITE_TLS_URL "$url/$ACCESS_KEY" ANYSTORE_TEST_AZURITE_CA "$folder/tls/public.crt"
  else
    export_to "$folder" ANYSTORE_TEST_AZURITE_URL "$url/$ACCESS_KEY"
  fi
}

stop_azurite() { stop_process "$1/azurite.pid"; }
