package io.provision.resource.packages;

import io.provision.remote.ShellFunction;

/** Reads public keys of OpenPGP (RFC 4880) where no gpg is: Debian 13 has none by itself. */
final class OpenPgpScripts {

  /** {@code plain_key FILE}: its bytes, whether it is armoured or not. */
  static final ShellFunction PLAIN =
      new ShellFunction(
          "plain_key",
          """
          if head -c 2000 "$1" | tr -d '\\000' | grep -q -e '^-----BEGIN PGP PUBLIC KEY BLOCK-----'; then
            head -c 1000000 "$1" | tr -d '\\r\\000' | awk '
              /^-----BEGIN PGP PUBLIC KEY BLOCK-----/ { part = 1; next }
              /^-----END / { part = 0 }
              part == 2 && /^=/ { part = 0 }
              part == 2 { print }
              part == 1 && /^[ \\t]*$/ { part = 2 }' | base64 -d 2>/dev/null
          else
            head -c 1000000 "$1"
          fi\
          """);

  /**
   * {@code key_fingerprints FILE}: of each primary key in it, one a line; nothing where it is not
   * made of whole packets. A fingerprint is the SHA-1 of the packet (RFC 4880, 12.2); one of
   * another version than 4 is said as {@code version-N}.
   */
  static final ShellFunction FINGERPRINTS =
      new ShellFunction(
          "key_fingerprints",
          """
          packets=$(head -c 1000000 "$1" | od -An -v -tu1 | tr -s ' ' '\\n' | awk '
            $1 != "" { byte[++size] = $1 }
            END {
              at = 1
              for (packet = 1; packet <= 10000 && at <= size; packet++) {
                kind = byte[at]; one = byte[at + 1]
                if (kind < 128) exit
                if (kind >= 192) {
                  kind -= 192
                  if (one < 192) { length_ = one; head = 2 }
                  else if (one < 224) { length_ = (one - 192) * 256 + byte[at + 2] + 192; head = 3 }
                  else if (one == 255) { length_ = ((byte[at + 2] * 256 + byte[at + 3]) * 256 + byte[at + 4]) * 256 + byte[at + 5]; head = 6 }
                  else exit
                } else {
                  form = kind % 4; kind = int((kind - 128) / 4)
                  if (form == 0) { length_ = one; head = 2 }
                  else if (form == 1) { length_ = one * 256 + byte[at + 2]; head = 3 }
                  else if (form == 2) { length_ = ((one * 256 + byte[at + 2]) * 256 + byte[at + 3]) * 256 + byte[at + 4]; head = 5 }
                  else exit
                }
                if (at + head + length_ - 1 > size || length_ < 1) exit
                if (kind == 6) found = found (at + head) " " length_ " " byte[at + head] "\\n"
                at += head + length_
              }
              printf "%s", found
            }')
          [ -n "$packets" ] || return 0
          printf '%s\\n' "$packets" | while read -r at size version; do
            [ "$version" = 4 ] || { echo "version-$version"; continue; }
            {
              printf '\\231'
              printf "\\\\$(printf %03o $((size / 256 % 256)))\\\\$(printf %03o $((size % 256)))"
              tail -c "+$at" "$1" | head -c "$size"
            } | sha1sum | head -c 40 | tr a-f A-F
            echo
          done\
          """);

  private OpenPgpScripts() {}
}
