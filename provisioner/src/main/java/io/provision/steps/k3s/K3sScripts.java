package io.provision.steps.k3s;

import io.provision.remote.ShellFunction;
import io.provision.resource.FileTransfer;
import java.util.List;

/** What changes k3s on a host. */
final class K3sScripts {

  /** {@code record_k3s_version VERSION}. */
  static final ShellFunction RECORD_VERSION =
      new ShellFunction(
          "record_k3s_version",
          """
          (umask 022 && try mkdir -p /etc/rancher/k3s && put_text /etc/rancher/k3s/version "$1
          ")\
          """,
          List.of(FileTransfer.PUT_TEXT));

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
            (umask 077 && put_text "$file" "$token") || return
          done\
          """,
          List.of(FileTransfer.PUT_TEXT));

  private K3sScripts() {}
}
