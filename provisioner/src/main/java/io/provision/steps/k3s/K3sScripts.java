package io.provision.steps.k3s;

import io.provision.model.Host;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.FileTransfer;
import java.time.Duration;
import java.util.List;

/** What changes k3s on a host. */
final class K3sScripts {
  private static final Duration UP = Duration.ofMinutes(5);
  private static final Duration MARGIN = Duration.ofMinutes(2);

  /** {@code record_k3s_version VERSION}. */
  static final ShellFunction RECORD_VERSION =
      new ShellFunction(
          "record_k3s_version",
          """
          (umask 022 && try mkdir -p /etc/rancher/k3s && put_text /etc/rancher/k3s/version "$1
          ")\
          """,
          List.of(FileTransfer.PUT_TEXT));

  /**
   * {@code make_k3s_tokens}: two tokens of 256 random bits, if there are none. Where a server has
   * made its own, or was given one, it keeps that: what is in its datastore is encrypted with it.
   * Without the digest of its authority, which k3s puts before it: as agents' token k3s takes the
   * text as it is (getNodePass, pkg/daemons/control/deps/deps.go).
   */
  static final ShellFunction MAKE_TOKENS =
      new ShellFunction(
          "make_k3s_tokens",
          """
          try mkdir -p /etc/rancher/k3s || return
          for name in server-token agent-token; do
            file=/etc/rancher/k3s/$name
            [ -s "$file" ] && continue
            own=/var/lib/rancher/k3s/server/token
            [ "$name" = server-token ] || [ ! -s /var/lib/rancher/k3s/server/agent-token ] || own=/var/lib/rancher/k3s/server/agent-token
            if [ -s "$own" ]; then
              token=$(head -c 4096 -- "$own" | head -n 1 | sed 's/^K10[0-9a-f]*::[a-z]*://')
              [ -n "$token" ] || {
                echo "$own holds no token" >&2
                return 1
              }
              (umask 077 && put_text "$file" "$token") || return
              continue
            fi
            token=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \\n')
            [ "${#token}" -eq 64 ] || {
              echo "/dev/urandom gave no token" >&2
              return 1
            }
            (umask 077 && put_text "$file" "$token") || return
          done\
          """,
          List.of(FileTransfer.PUT_TEXT));

  /** {@code await_k3s_unit UNIT SECONDS}: until the unit is up, else why it is not. */
  static final ShellFunction AWAIT =
      new ShellFunction(
          "await_k3s_unit",
          """
          left=$2 wait_began=$(date +%s)
          say "waiting for $1 to be up"
          while [ "$left" -gt 0 ]; do
            k3s_unit_up "$1"
            case $? in 0) return 0 ;; 69) break ;; esac
            left=$((left - 1))
            sleep 1
          done
          why=$(explain_k3s "$1")
          printf '%s\\n' "$why" >&2
          why=$(printf '%s\\n' "$why" | sed -n 's/^reason: //p')
          echo "$1 is not up${why:+: $why}" >&2
          return 1\
          """,
          List.of(K3sFailure.UNIT_UP, K3sFailure.EXPLAIN));

  private K3sScripts() {}

  /** Until the unit of this host is up, or why it is not. */
  static Script awaited(Host host) {
    return Script.of(AWAIT, K3s.unit(host), String.valueOf(UP.toSeconds())).within(UP.plus(MARGIN));
  }
}
