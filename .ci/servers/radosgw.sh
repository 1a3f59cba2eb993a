# shellcheck shell=bash
# Ceph's S3 gateway on a cluster of one: a monitor, an OSD that keeps everything in memory, and radosgw. It alone takes
# every key and runs lifecycle rules, and stands for vendors that know no new checksums. Its data is gone after `stop`.

# Seconds that a "day" of a lifecycle rule lasts, and storage classes beside STANDARD.
: "${RADOSGW_DAY_SECONDS:=3}" "${RADOSGW_STORAGE_CLASSES=STANDARD_IA GLACIER}"

start_radosgw() {
  local folder=$1 port monitor_port osd_id
  port=$(free_port)
  monitor_port=$(free_port)
  osd_id=$(</proc/sys/kernel/random/uuid)
  mkdir -p "$folder/mon" "$folder/osd" "$folder/rgw"
  write_ceph_configuration "$folder" "$port" "$monitor_port" >"$folder/ceph.conf"
  write_ceph_keys "$folder/keyring" >"$folder/setup.log"

  # The monitor is made with its address and its keys already inside: there is nobody whom it could ask.
  monmaptool --create --clobber --fsid "$(sed -n 's/^fsid = //p' "$folder/ceph.conf")" \
    --addv a "[v2:127.0.0.1:$monitor_port]" "$folder/monmap" >>"$folder/setup.log"
  ceph_tool "$folder" ceph-mon --mkfs -i a --monmap "$folder/monmap" --keyring "$folder/keyring"
  spawn mon "$folder" ceph-mon -c "$folder/ceph.conf" -i a -f
  ready 30 "$folder/mon.pid" ceph -c "$folder/ceph.conf" --connect-timeout 2 osd ls

  ceph_tool "$folder" ceph osd new "$osd_id" 0
  ceph_tool "$folder" ceph auth import -i "$folder/keyring"
  ceph_tool "$folder" ceph-osd -i 0 --mkfs --osd-uuid "$osd_id"
  spawn osd "$folder" ceph-osd -c "$folder/ceph.conf" -i 0 -f
  ready 60 "$folder/osd.pid" osd_is_up "$folder"

  # The first call to radosgw-admin also makes the pools, and must be over before the gateway looks for them.
  ceph_tool "$folder" radosgw-admin --name client.rgw user create --uid=test --display-name=test \
    --access-key="$ACCESS_KEY" --secret="$SECRET_KEY"
  local class
  for class in $RADOSGW_STORAGE_CLASSES; do
    ceph_tool "$folder" radosgw-admin --name client.rgw zonegroup placement add --rgw-zonegroup default \
      --placement-id default-placement --storage-class "$class"
    ceph_tool "$folder" radosgw-admin --name client.rgw zone placement add --rgw-zone default \
      --placement-id default-placement --storage-class "$class" --data-pool default.rgw.cold.data
  done
  spawn rgw "$folder" radosgw -c "$folder/ceph.conf" --name client.rgw -f
  local url=http://127.0.0.1:$port
  ready 60 "$folder/rgw.pid" curl -sf "$url/"
  make_bucket "$url"
  export_to "$folder" ANYSTORE_TEST_RADOSGW_URL "$url"
}

# From the outside in: a gateway whose OSD has gone waits for it for minutes.
stop_radosgw() {
  local daemon
  for daemon in rgw osd mon; do stop_process "$1/$daemon.pid"; done
}

osd_is_up() { ceph -c "$1/ceph.conf" --connect-timeout 2 osd stat -f json | grep -q '"num_up_osds":1'; }

# ceph_tool FOLDER COMMAND ARGUMENT...: one that runs and ends; what it says matters only if it fails.
ceph_tool() {
  local folder=$1 tool=$2
  shift 2
  "$tool" -c "$folder/ceph.conf" "$@" >>"$folder/setup.log" 2>&1 </dev/null || {
    echo "$tool $1 failed; the end of $folder/setup.log:" >&2
    tail -n 20 "$folder/setup.log" >&2
    return 1
  }
}

# One keyring for all of them: who can read this folder may do everything, which is all that loopback needs.
write_ceph_keys() {
  ceph-authtool --create-keyring "$1" --gen-key -n mon. --cap mon 'allow *'
  ceph-authtool "$1" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *'
  ceph-authtool "$1" --gen-key -n client.rgw --cap mon 'allow *' --cap osd 'allow *'
  ceph-authtool "$1" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
}

# write_ceph_configuration FOLDER PORT MONITOR_PORT
write_ceph_configuration() {
  cat <<CONFIGURATION
[global]
fsid = $(</proc/sys/kernel/random/uuid)
keyring = $1/keyring
run dir = $1
admin socket = $1/\$name.asok
log file = $1/\$name.log
mon host = v2:127.0.0.1:$3/0
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth allow insecure global id reclaim = false
# One copy of everything, on one disk, in few placement groups, without being warned about it.
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
# A monitor refuses to start on a disk that is 95 % full. It holds a few megabytes.
mon data avail warn = 1
mon data avail crit = 1

[mon]
mon data = $1/mon

[osd]
osd data = $1/osd
osd objectstore = memstore
# A fast shutdown leaves a memory store unwritten; a restarted one then waits for ever for what it lost.
osd fast shutdown = false
osd memory target = 939524096
osd op num shards = 2
osd max object size = 134217728
memstore device bytes = 6442450944

[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$2
rgw data = $1/rgw
rgw thread pool size = 64
rgw enable usage log = false
rgw dynamic resharding = false
rgw crypt require ssl = false
rgw lc debug interval = $RADOSGW_DAY_SECONDS
CONFIGURATION
}
