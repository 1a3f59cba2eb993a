# shellcheck shell=bash
# MinIO, plain or with TLS: the judge of checksums and conditions.

# minio FOLDER [https]
start_minio() {
  local folder=$1 scheme=${2:-http} port options=()
  port=$(free_port)
  mkdir -p "$folder/data"
  if [[ $scheme == https ]]; then
    make_certificate "$folder/tls"
    options=(--certs-dir "$folder/tls")
  fi
  # A key of nothing but the digit 0, so that the service can encrypt with keys of its own.
  MINIO_KMS_SECRET_KEY=anystore-test:$(printf '%032d' 0 | base64) \
    MINIO_ROOT_USER=$ACCESS_KEY MINIO_ROOT_PASSWORD=$SECRET_KEY MINIO_BROWSER=off MINIO_UPDATE=off \
    spawn minio "$folder" "$SERVERS/bin/minio" server --address "127.0.0.1:$port" "${options[@]}" "$folder/data"
  local url=$scheme://127.0.0.1:$port
  ready 30 "$folder/minio.pid" curl -sf ${options:+--cacert "$folder/tls/public.crt"} "$url/minio/health/ready"
  make_bucket "$url" ${options:+--cacert "$folder/tls/public.crt"}
  if [[ $scheme == https ]]; then
    export_to "$folder" ANYSTORE_TEST_MINIO_TLS_URL "$url" ANYSTORE_TEST_MINIO_CA "$folder/tls/public.crt"
  else
    export_to "$folder" ANYSTORE_TEST_MINIO_URL "$url"
  fi
}

stop_minio() { stop_process "$1/minio.pid"; }

# make_certificate FOLDER [NAME]: for localhost, and for NAME as well; made for this run and its own authority: clients
# trust this very file.
make_certificate() {
  mkdir -p "$1"
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
    -addext "subjectAltName=DNS:localhost,IP:127.0.0.1${2:+,DNS:$2}" \
    -keyout "$1/private.key" -out "$1/public.crt" 2>"$1/openssl.log" || {
    cat "$1/openssl.log" >&2
    return 1
  }
}
