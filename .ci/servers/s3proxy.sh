# shellcheck shell=bash
# S3Proxy over a folder: `mvn verify` forks its own; this one is for trying things out by hand.

start_s3proxy() {
  local folder=$1 port
  port=$(free_port)
  mkdir -p "$folder/data"
  local url=http://127.0.0.1:$port
  cat >"$folder/s3proxy.properties" <<PROPERTIES
s3proxy.endpoint=$url
s3proxy.authorization=aws-v2-or-v4
s3proxy.identity=$ACCESS_KEY
s3proxy.credential=$SECRET_KEY
s3proxy.ignore-unknown-headers=true
jclouds.provider=filesystem-nio2
jclouds.filesystem.basedir=$folder/data
PROPERTIES
  spawn s3proxy "$folder" java -Xmx256m -jar "$SERVERS/lib/$S3PROXY_JAR" --properties "$folder/s3proxy.properties"
  ready 60 "$folder/s3proxy.pid" curl -s "$url/"
  make_bucket "$url"
  export_to "$folder" ANYSTORE_TEST_S3PROXY_URL "$url"
}

stop_s3proxy() { stop_process "$1/s3proxy.pid"; }
