# shellcheck shell=bash
# shellcheck disable=SC2154 # They set $here.
# What start-cluster and stop-cluster share: how a daemon is told something on a host. $here is the folder of this file.

# Whether a host is this machine.
is_here() {
  case $1 in
    localhost | 127.*) return 0 ;;
  esac
  local name
  for name in "$(hostname)" "$(hostname -s)" "$(hostname -f 2> /dev/null)" $(hostname -I 2> /dev/null); do
    [[ $1 != "$name" ]] || return 0
  done
  return 1
}

# on HOST ACTION FOLDER NAME ARGUMENT...: daemon's action on a host.
on() {
  local host=$1
  shift
  if is_here "$host"; then
    # An executor would else take the address of the machine's name, which may be another.
    if [[ $host == localhost || $host == 127.* ]]; then
      SPARK_LOCAL_IP=127.0.0.1 "$here/daemon" "$@"
    else
      "$here/daemon" "$@"
    fi
    return
  fi
  local command='' name
  for name in SPARK_HOME SPARK_CONF_DIR JAVA_HOME SPARK_DAEMON_MEMORY SPARK_DAEMON_JAVA_OPTS SPARK_LOCAL_DIRS; do
    if [[ -n ${!name:-} ]]; then
      command+="$(printf '%s=%q ' "$name" "${!name}")"
    fi
  done
  # shellcheck disable=SC2029 # It is to be expanded here.
  ssh -o BatchMode=yes "$host" "$command$(printf '%q ' "$here/daemon" "$@")" < /dev/null
}
