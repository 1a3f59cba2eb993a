# shellcheck shell=bash
# The servers that can be named on the command line. Each has a file with start_<kind> FOLDER, which returns when the
# server answers and has a bucket, and stop_<kind> FOLDER, which may be called in any state.

# nginx comes after MinIO, before which it can stand.
readonly KNOWN_SERVERS=(minio minio-tls radosgw versitygw s3proxy nginx tinyproxy azurite azurite-tls fake-gcs b2)

source ./versions.sh
source ./azurite.sh
source ./b2.sh
source ./fake-gcs.sh
source ./minio.sh
source ./nginx.sh
source ./radosgw.sh
source ./s3proxy.sh
source ./tinyproxy.sh
source ./versitygw.sh

is_known() { [[ " ${KNOWN_SERVERS[*]} " == *" $1 "* ]]; }

start_kind() {
  case $1 in
    minio-tls) start_minio "$2" https ;;
    azurite-tls) start_azurite "$2" https ;;
    *) "start_$1" "$2" ;;
  esac
}

stop_kind() {
  case $1 in
    minio-tls) stop_minio "$2" ;;
    azurite-tls) stop_azurite "$2" ;;
    *) "stop_$1" "$2" ;;
  esac
}
