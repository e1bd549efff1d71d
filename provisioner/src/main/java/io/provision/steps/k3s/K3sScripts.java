package io.provision.steps.k3s;

import io.provision.remote.ShellFunction;

/** What changes k3s on a host. */
final class K3sScripts {

  /** {@code push_file PATH MODE SHA256}: the payload becomes the file, by a rename. */
  static final ShellFunction PUSH =
      new ShellFunction(
          "push_file",
          """
          path=$1 mode=$2 sum=$3 dir=${1%/*}
          (umask 022 && try mkdir -p -- "$dir") || return
          rm -f -- "$dir"/.provision.push.*
          free=$(df -Pk -- "$dir" | awk 'NR == 2 { print $4 }')
          if [ "${free:-0}" -lt $((payload_1 / 1024 + 1024)) ]; then
            echo "$path needs $((payload_1 / 1048576)) MiB, $((free / 1024)) MiB are free in $dir" >&2
            return 1
          fi
          temp=$(mktemp "$dir/.provision.push.XXXXXXXX") || {
            echo "$dir cannot be written" >&2
            return 1
          }
          say "$path: receiving $((payload_1 / 1048576)) MiB"
          head -c "$payload_1" >"$temp" && got=$(sha256sum <"$temp") || {
            rm -f -- "$temp"
            echo "$path could not be received" >&2
            return 1
          }
          case $got in
            "$sum" | "$sum "*) ;;
            *)
              rm -f -- "$temp"
              echo "$path: what arrived has the digest ${got%  -}, not $sum" >&2
              return 1
              ;;
          esac
          try chmod -- "$mode" "$temp" && try sync "$temp" && try mv -f -- "$temp" "$path"\
          """);

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

  /** {@code take_secret_file PATH}: the payload becomes the file, for root alone. */
  static final ShellFunction TAKE =
      new ShellFunction(
          "take_secret_file",
          """
          [ "$payload_1" -gt 0 ] || {
            echo "what was handed over for $1 is empty" >&2
            return 1
          }
          try mkdir -p -- "${1%/*}" && (umask 077 && try head -c "$payload_1" >"$1.new") &&
            try sync "$1.new" && try mv -f -- "$1.new" "$1"\
          """);

  /** {@code read_secret_file PATH}: hands it over. */
  static final ShellFunction READ = new ShellFunction("read_secret_file", "try cat -- \"$1\"");

  private K3sScripts() {}
}
