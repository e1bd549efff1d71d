package io.provision.steps.k3s;

import io.provision.remote.ShellFunction;

/** What changes k3s on a host. */
final class K3sScripts {

  /** {@code record_k3s_version VERSION}. */
  static final ShellFunction RECORD_VERSION =
      new ShellFunction(
          "record_k3s_version",
          """
          (umask 022 && try mkdir -p /etc/rancher/k3s && printf '%s\\n' "$1" >/etc/rancher/k3s/.version &&
            try mv -f /etc/rancher/k3s/.version /etc/rancher/k3s/version)\
          """);

  /**
   * {@code start_k3s UNIT}: starts it anew and waits until it was started with the files that are
   * there, not until it is up: that can take minutes, or for ever.
   */
  static final ShellFunction START =
      new ShellFunction(
          "start_k3s",
          """
          try systemctl daemon-reload && try systemctl enable --quiet -- "$1" || return
          systemctl reset-failed -- "$1" 2>/dev/null
          before=$(systemctl show -p InvocationID -- "$1" | head -c 100)
          try systemctl restart --no-block -- "$1" || return
          left=240
          while [ "$left" -gt 0 ]; do
            state=$(systemctl show -p InvocationID,SubState -- "$1" | head -c 200)
            case $state in
              *SubState=start-pre* | *SubState=stop* | *SubState=final* | *SubState=dead*) ;;
              *) printf '%s\\n' "$state" | grep -qxF -e "$before" || return 0 ;;
            esac
            left=$((left - 1))
            sleep 0.5
          done
          echo "$1 did not stop and start again within two minutes" >&2
          return 1\
          """);

  /** {@code make_k3s_tokens}: two tokens of 256 random bits, if there are none. */
  static final ShellFunction MAKE_TOKENS =
      new ShellFunction(
          "make_k3s_tokens",
          """
          try mkdir -p /etc/rancher/k3s || return
          for name in server-token agent-token; do
            file=/etc/rancher/k3s/$name
            [ -s "$file" ] && continue
            token=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \\n')
            [ "${#token}" -eq 64 ] || {
              echo "/dev/urandom gave no token" >&2
              return 1
            }
            (umask 077 && printf %s "$token" >"$file.new") && try sync "$file.new" &&
              try mv -f "$file.new" "$file" || return
          done\
          """);

  private K3sScripts() {}
}
