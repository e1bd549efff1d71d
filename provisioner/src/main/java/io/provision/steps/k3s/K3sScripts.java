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
