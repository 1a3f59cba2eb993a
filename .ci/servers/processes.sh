# shellcheck shell=bash
# Processes that we start and no others: each is remembered by its id and by the moment it began, so that an id which
# the system has given to somebody else in the meantime is never signalled. Linux only: all of it is read from /proc.

readonly TERM_SECONDS=15 # a gateway whose cluster has died waits for it far longer; nothing here is worth that

# Clock ticks since boot at which process $1 began. Fails for one that is gone or a zombie: a dead child whose parent
# has not looked yet does not run, whatever `kill -0` says.
began_at() {
  local stat fields
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # The name, in brackets, may hold spaces and brackets: fields are counted from its end.
  read -ra fields <<<"${stat##*) }"
  [[ ${fields[0]} != [ZX] ]] || return 1
  printf '%s\n' "${fields[19]}"
}

# Whether the process recorded in file $1 still runs.
is_running() {
  local pid began
  [[ -f $1 ]] && read -r pid began <"$1" && [[ $(began_at "$pid") == "$began" ]]
}

# spawn NAME FOLDER COMMAND...: starts a process of its own session without standard input. Its output goes to
# FOLDER/NAME.log, its id and beginning to FOLDER/NAME.pid.
spawn() {
  local name=$1 folder=$2 pid began
  shift 2
  setsid "$@" >>"$folder/$name.log" 2>&1 </dev/null &
  pid=$!
  began=$(began_at "$pid") || {
    echo "$name ended at once; see $folder/$name.log" >&2
    return 1
  }
  printf '%s %s\n' "$pid" "$began" >"$folder/$name.pid"
}

# stop_process FILE: asks politely, waits, insists. Silent when it does not run.
stop_process() {
  local pid
  if is_running "$1"; then
    read -r pid _ <"$1"
    kill -TERM "$pid" 2>/dev/null || true
    if ! wait_until "$TERM_SECONDS" is_stopped "$1"; then
      echo "process $pid of $1 ignored TERM for $TERM_SECONDS s; killing it" >&2
      kill -KILL "$pid" 2>/dev/null || true
      wait_until 10 is_stopped "$1"
    fi
  fi
  rm -f "$1"
}

is_stopped() { ! is_running "$1"; }

# wait_until SECONDS COMMAND...: fails if the command has not succeeded by then.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

# A port of 127.0.0.1 on which nobody listens, below the range from which Linux (from 32768) takes the ports of outgoing
# connections. Somebody may still take it before we do: starting a server is tried twice.
free_port() {
  local port
  for _ in {1..100}; do
    port=$((20000 + RANDOM % 10000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      printf '%s\n' "$port"
      return
    fi
  done
  echo 'no free port between 20000 and 29999' >&2
  return 1
}
