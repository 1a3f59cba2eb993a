# shellcheck shell=bash
# tinyproxy: tunnels for those who know its password, to anywhere that it is asked for on this machine.

readonly PROXY_USER=proxyuser PROXY_PASSWORD=testsecret12345

start_tinyproxy() {
  local folder=$1 port
  port=$(free_port)
  cat >"$folder/refused-hosts" <<'HOSTS'
^refused\.example$
HOSTS
  cat >"$folder/tinyproxy.conf" <<CONFIGURATION
Port $port
Listen 127.0.0.1
Timeout 60
MaxClients 64
PidFile "$folder/own.pid"
LogLevel Connect
BasicAuth $PROXY_USER $PROXY_PASSWORD
Filter "$folder/refused-hosts"
FilterExtended On
CONFIGURATION
  spawn tinyproxy "$folder" "$SERVERS/bin/tinyproxy" -d -c "$folder/tinyproxy.conf"
  ready 20 "$folder/tinyproxy.pid" asks_for_password "$port"
  export_to "$folder" ANYSTORE_TEST_PROXY_URL "http://127.0.0.1:$port" \
    ANYSTORE_TEST_PROXY_USER "$PROXY_USER" ANYSTORE_TEST_PROXY_PASSWORD "$PROXY_PASSWORD"
}

stop_tinyproxy() { stop_process "$1/tinyproxy.pid"; }

asks_for_password() { [[ $(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1/") == 40[17] ]]; }
