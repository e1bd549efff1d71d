# shellcheck shell=sh
# Installs what is missing from the distribution, after one question; says the one command where it may not.

# need PROGRAM=PACKAGE ...
need() {
  missing=
  for need_pair in "$@"; do
    command -v "${need_pair%%=*}" >/dev/null 2>&1 || [ -x "/usr/sbin/${need_pair%%=*}" ] ||
      case " $missing " in *" ${need_pair#*=} "*) ;; *) missing="$missing ${need_pair#*=}" ;; esac
  done
  [ -n "$missing" ] || return 0
  missing=${missing# }
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "provision: missing: $missing. Install it with your system's package manager." >&2
    return 1
  fi
  as_root=
  [ "$(id -u)" -eq 0 ] || as_root='sudo '
  command="${as_root}apt-get install -y --no-install-recommends $missing"
  if may_install; then
    echo "provision: $command" >&2
    # shellcheck disable=SC2086 # several words each
    ${as_root}env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >&2 && return 0
    echo "provision: that failed; perhaps after '${as_root}apt-get update' it works." >&2
    return 1
  fi
  echo "provision: missing: $missing. Install with: $command" >&2
  return 1
}

# What runs containers: an engine that answers, wherever it is, or one that can be started here: by the system, whatever it
# is made of, or by hand. The program 'docker' alone is only a client, which many machines have without a daemon.
need_engine() {
  if command -v docker >/dev/null 2>&1 && docker info >/dev/null 2>&1; then return 0; fi
  if systemctl cat docker.service >/dev/null 2>&1; then
    need docker=docker.io
    return
  fi
  need docker=docker.io dockerd=docker.io iptables=iptables
}

# On a terminal after one question; elsewhere only where PROVISION_INSTALL=yes says so.
may_install() {
  [ "${PROVISION_INSTALL:-}" != yes ] || return 0
  [ -t 0 ] && [ -t 2 ] || return 1
  printf 'provision: missing: %s. Install it now with apt-get? [y/N] ' "$missing" >&2
  read -r answer || return 1
  case $answer in [yY] | [yY]es) return 0 ;; *) return 1 ;; esac
}
