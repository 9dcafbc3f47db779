#!/usr/bin/env bash
# A PostgreSQL of one's own, in a throw-away directory, out of the installed server binaries.
#   scripts/postgres.sh start DIR [--durable] [--tls] [--owner PID]   makes and starts it; prints its URL
#   scripts/postgres.sh restart DIR                                   stops it as an operator would, starts it again
#   scripts/postgres.sh crash DIR                                     kills it without a farewell, starts it again
#   scripts/postgres.sh down DIR, up DIR                              the two halves of restart
#   scripts/postgres.sh stop DIR                                      stops it by its pid and removes DIR
# It listens on a Unix socket inside DIR, which only its user may enter; with --tls also on a free port of
# 127.0.0.1, with a certificate of DIR/ca.pem (the URL is in DIR/tls-url). Without --durable it does not wait
# for the disk. With --owner it goes away by itself when the processes named in DIR/owners are gone.
set -euo pipefail

readonly SUPERUSER=postgres
# Users that begin to come while it is going away find the word in DIR/stopping and wait.
readonly IDLE_SECONDS=5

fail() {
  printf 'postgres.sh: %s\n' "$1" >&2
  exit 1
}

# The newest server that is installed; Debian keeps it off the PATH.
binaries() {
  local found
  found="$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1 || true)"
  [[ -n "$found" ]] || found="$(command -v initdb || true)"
  [[ -n "$found" ]] || fail "PostgreSQL's server is not installed: run 'make setup', or as root 'apt-get install postgresql-15'."
  dirname "$(readlink -f "$found")"
}

# PostgreSQL refuses to run as root.
as_server() {
  if [[ "$(id -u)" -ne 0 ]]; then
    "$@"
  elif id "$SUPERUSER" >/dev/null 2>&1; then
    (cd / && setpriv --reuid "$SUPERUSER" --regid "$SUPERUSER" --init-groups "$@")
  else
    fail "PostgreSQL does not run as root and there is no user '$SUPERUSER': run this as another user."
  fi
}

configure() {
  local dir="$1" durable="$2"
  {
    printf "listen_addresses = ''\nunix_socket_directories = '%s/socket'\nunix_socket_permissions = 0700\n" "$dir"
    printf "max_connections = 200\nshared_buffers = 64MB\nlog_min_messages = warning\nmax_wal_size = 256MB\n"
    [[ "$durable" == true ]] || printf 'fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n'
  } | as_server tee -a "$dir/data/postgresql.conf" >/dev/null
}

# A certificate authority that nobody else trusts, and a certificate of it for 127.0.0.1.
make_certificates() {
  local dir="$1"
  command -v openssl >/dev/null 2>&1 || fail "openssl is not installed: as root, 'apt-get install openssl'."
  as_server openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=throw-away CA' \
    -addext 'basicConstraints=critical,CA:TRUE' -keyout "$dir/ca.key" -out "$dir/ca.pem" 2>/dev/null
  as_server openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=127.0.0.1' \
    -keyout "$dir/data/server.key" -out "$dir/server.csr" 2>/dev/null
  printf 'subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n' | as_server tee "$dir/server.ext" >/dev/null
  as_server openssl x509 -req -in "$dir/server.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -days 2 \
    -extfile "$dir/server.ext" -out "$dir/data/server.crt" 2>/dev/null
  as_server chmod 0600 "$dir/data/server.key"
  as_server rm "$dir/ca.key"
}

run_server() {
  local dir="$1"
  as_server "$(binaries)/pg_ctl" start --silent --wait --timeout 120 --pgdata "$dir/data" --log "$dir/log" \
    >/dev/null 2>&1 </dev/null
}

# Tries ports until the server gets one: asking first whether one is free would be a race.
run_server_on_a_port() {
  local dir="$1" port
  for _ in {1..20}; do
    port=$((20000 + RANDOM % 12000))
    printf "listen_addresses = '127.0.0.1'\nport = %s\nssl = on\n" "$port" |
      as_server tee "$dir/data/port.conf" >/dev/null
    if run_server "$dir"; then
      printf 'postgresql://%s@127.0.0.1:%s/postgres?sslmode=verify-full&sslrootcert=%s/ca.pem\n' \
        "$SUPERUSER" "$port" "$dir" | as_server tee "$dir/tls-url" >/dev/null
      return
    fi
  done
  fail "no port of 127.0.0.1 would do; the server's log is $dir/log."
}

# The URL with the socket's directory as its host, in the form every driver takes.
url() {
  local dir="$1" port=5432
  [[ -f "$dir/data/port.conf" ]] && port="$(awk '/^port/ { print $3 }' "$dir/data/port.conf")"
  printf 'postgresql://%s@%s:%s/postgres\n' "$SUPERUSER" "$(sed 's|/|%2F|g' <<< "$dir/socket")" "$port"
}

start() {
  local dir="$1" durable=false tls=false owner=""
  shift
  while [[ $# -gt 0 ]]; do
    case "$1" in
      --durable) durable=true ;;
      --tls) tls=true ;;
      --owner) owner="$2"; shift ;;
      *) fail "there is no option $1" ;;
    esac
    shift
  done
  [[ "$dir" == /* ]] || fail "DIR must be an absolute path"
  # Asked before anything is made; on its own line, or its failure would go unnoticed.
  binaries >/dev/null
  mkdir -p -m 0700 "$dir"
  [[ -z "$(ls -A "$dir")" ]] || fail "$dir is not empty"
  [[ "$(id -u)" -ne 0 ]] || chown "$SUPERUSER:" "$dir"
  as_server mkdir -m 0700 "$dir/socket" "$dir/owners"
  # Trust is enough where only the same user can reach the socket; over TCP a password is asked.
  as_server "$(binaries)/initdb" --pgdata "$dir/data" --username "$SUPERUSER" --auth-local trust \
    --auth-host scram-sha-256 --encoding UTF8 --locale C --no-sync >"$dir/initdb.log" 2>&1 ||
    fail "initdb failed, see $dir/initdb.log"
  configure "$dir" "$durable"
  if $tls; then
    make_certificates "$dir"
    printf "include 'port.conf'\n" | as_server tee -a "$dir/data/postgresql.conf" >/dev/null
    printf 'local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n' |
      as_server tee "$dir/data/pg_hba.conf" >/dev/null
    run_server_on_a_port "$dir"
  else
    run_server "$dir" || fail "the server does not start, see $dir/log"
  fi
  if [[ -n "$owner" ]]; then
    as_server touch "$dir/owners/$owner"
    setsid "${BASH_SOURCE[0]}" watch "$dir" >/dev/null 2>&1 </dev/null &
  fi
  url "$dir"
}

halt() {
  local dir="$1" mode="$2" pid
  pid="$(head -n 1 "$dir/data/postmaster.pid" 2>/dev/null || true)"
  [[ -n "$pid" ]] || return 0
  kill -s "$mode" "$pid" 2>/dev/null || true
  for _ in {1..600}; do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  fail "the server (pid $pid) does not stop"
}

stop() {
  local dir="$1"
  [[ -d "$dir" ]] || return 0
  [[ -d "$dir/owners" ]] || fail "$dir holds no server of this script"
  rm -f "$dir/ready"
  # What is thrown away need not be written first.
  halt "$dir" QUIT
  rm -rf -- "$dir"
}

alive() {
  local pid
  pid="$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null || true)"
  if [[ -n "$pid" ]] && kill -0 "$pid" 2>/dev/null; then echo yes; else echo no; fi
}

has_owner() {
  local dir="$1" file
  for file in "$dir"/owners/*; do
    [[ -e "$file" ]] && kill -0 "$(basename "$file")" 2>/dev/null && return 0
  done
  return 1
}

# An owner writes its name, then looks for the word; this writes the word, then looks for names. One sees the other.
watch() {
  local dir="$1" idle=0
  while [[ -d "$dir/data" ]]; do
    sleep 1
    if has_owner "$dir"; then
      idle=0
      continue
    fi
    idle=$((idle + 1))
    (( idle >= IDLE_SECONDS )) || continue
    touch "$dir/stopping"
    if has_owner "$dir"; then
      rm -f "$dir/stopping"
      idle=0
    else
      stop "$dir"
    fi
  done
}

[[ $# -ge 2 ]] || fail "usage: postgres.sh start|restart|crash|down|up|stop DIR"
action="$1"
shift
case "$action" in
  start) start "$@" ;;
  stop) stop "$1" ;;
  restart) halt "$1" INT; run_server "$1" ;;
  crash) halt "$1" QUIT; run_server "$1" ;;
  down) halt "$1" INT ;;
  up) run_server "$1" ;;
  alive) alive "$1" ;;
  watch) watch "$1" ;;
  *) fail "usage: postgres.sh start|restart|crash|down|up|stop DIR" ;;
esac
