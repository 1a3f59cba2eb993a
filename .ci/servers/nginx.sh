# shellcheck shell=bash
# nginx: what most object stores stand behind. Files that can be put, read, asked for in ranges and in chunks; plain and
# with TLS of either version; a server that ends connections early; and MinIO behind it, if that runs already.

start_nginx() {
  local folder=$1 name minio
  local -A port
  for name in plain brief tls tls12 tls13 minio; do port[$name]=$(free_port); done
  mkdir -p "$folder/data/files" "$folder/temporary"
  # A name, for all that Java knows, and so no loopback that must not be proxied; resolvers of Unix read 127.0.0.1.
  make_certificate "$folder/tls" 0x7f.1
  minio=$(sed -n "s/^export ANYSTORE_TEST_MINIO_URL=//p" "$SERVERS/run/minio/env" 2>/dev/null || true)
  write_nginx_configuration "$folder" "$minio" >"$folder/nginx.conf"
  spawn nginx "$folder" "$SERVERS/bin/nginx" -p "$folder" -e "$folder/error.log" -c "$folder/nginx.conf"
  ready 20 "$folder/nginx.pid" curl -sf "http://127.0.0.1:${port[plain]}/ready"
  export_to "$folder" \
    ANYSTORE_TEST_NGINX_URL "http://127.0.0.1:${port[plain]}" \
    ANYSTORE_TEST_NGINX_BRIEF_URL "http://127.0.0.1:${port[brief]}" \
    ANYSTORE_TEST_NGINX_TLS_URL "https://127.0.0.1:${port[tls]}" \
    ANYSTORE_TEST_NGINX_TLS12_URL "https://127.0.0.1:${port[tls12]}" \
    ANYSTORE_TEST_NGINX_TLS13_URL "https://127.0.0.1:${port[tls13]}" \
    ANYSTORE_TEST_NGINX_CA "$folder/tls/public.crt" \
    ${minio:+ANYSTORE_TEST_NGINX_MINIO_URL "http://127.0.0.1:${port[minio]}"}
}

stop_nginx() { stop_process "$1/nginx.pid"; }

# write_nginx_configuration FOLDER MINIO_URL, with the ports in `port`.
write_nginx_configuration() {
  local version
  # A worker of root's would be nobody, who cannot look into this folder.
  ((EUID != 0)) || echo 'user root;'
  cat <<CONFIGURATION
daemon off;
pid $1/own.pid;
error_log $1/error.log warn;
worker_processes 1;
events { worker_connections 512; }
http {
  access_log off;
  server_tokens off;
  default_type application/octet-stream;
  client_body_temp_path $1/temporary/body;
  proxy_temp_path $1/temporary/proxy;
  fastcgi_temp_path $1/temporary/fastcgi;
  uwsgi_temp_path $1/temporary/uwsgi;
  scgi_temp_path $1/temporary/scgi;
  ssl_certificate $1/tls/public.crt;
  ssl_certificate_key $1/tls/private.key;
  root $1/data;
  client_max_body_size 64m;
  # A body goes to a file at once where it is stored in one.
  client_body_buffer_size 64k;
CONFIGURATION
  nginx_server "${port[plain]}"
  # Ends a connection at its third answer, and one that was idle for a second.
  nginx_server "${port[brief]}" '' 'keepalive_requests 3;' 'keepalive_timeout 1s;'
  nginx_server "${port[tls]}" ' ssl' 'ssl_protocols TLSv1.2 TLSv1.3;'
  for version in 2 3; do
    nginx_server "${port[tls1$version]}" ' ssl' "ssl_protocols TLSv1.$version;"
  done
  if [[ -n $2 ]]; then
    # As MinIO's manual has it. Headers whose names have an underscore are dropped, which is what nginx does by itself.
    cat <<CONFIGURATION
  server {
    listen 127.0.0.1:${port[minio]};
    client_max_body_size 0;
    proxy_buffering off;
    proxy_request_buffering off;
    location / {
      proxy_pass $2;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host \$http_host;
      chunked_transfer_encoding off;
    }
  }
CONFIGURATION
  fi
  echo '}'
}

# nginx_server PORT [LISTEN OPTION [DIRECTIVE...]]
nginx_server() {
  cat <<CONFIGURATION
  server {
    listen 127.0.0.1:$1${2:-};
    ${*:3}
    location = /ready { return 200 'ready'; }
    location = /nothing { return 204; }
    location = /elsewhere { return 307 http://elsewhere.example/; }
    location /files/ {
      dav_methods PUT DELETE;
      create_full_put_path on;
    }
    # The same files in an answer whose length nginx does not know, with a trailer.
    location /chunked/ {
      rewrite ^/chunked/(.*) /files/\$1 break;
      sub_filter_types *;
      sub_filter 'words that no file has' '';
      add_trailer X-Behind 'the end';
    }
    location /small/ {
      client_max_body_size 1k;
      dav_methods PUT;
    }
  }
CONFIGURATION
}
