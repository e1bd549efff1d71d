package io.provision.steps.os.apt;

import io.provision.remote.ShellFunction;
import io.provision.resource.FileTransfer;
import java.util.List;

/** Reads and changes sources.list(5), in both of its forms. */
final class RepositoryScripts {
  private RepositoryScripts() {}

  /** {@code look_repositories}: {@code FILE URI SUITE} for each that apt asks. */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_repositories",
          """
          for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
            case ${file##*/} in *[!A-Za-z0-9_.-]*) continue ;; esac
            [ -f "$file" ] || continue
            case $file in
            *.list)
              head -c 1000000 "$file" | tr -d '\\000\\r' | sed -E 's/\\[[^]]*\\]//' |
                awk -v file="$file" '($1 == "deb" || $1 == "deb-src") && NF > 2 { print file, $2, $3 }'
              ;;
            *.sources)
              head -c 1000000 "$file" | tr -d '\\000\\r' | awk -v file="$file" '
                function told(  i, n, all) {
                  n = split(uris, all, " ")
                  for (i = 1; i <= n; i++) if (!off && suite != "") print file, all[i], suite
                  uris = suite = key = ""; off = 0
                }
                /^[ \\t]*$/ { told(); next }
                /^#/ { next }
                /^[ \\t]/ { if (key == "uris") uris = uris " " $0; else if (key == "suites" && suite == "") suite = $1; next }
                {
                  key = tolower($1); sub(/:.*/, "", key)
                  value = $0; sub(/^[^:]*:/, "", value)
                  if (key == "uris") uris = value
                  if (key == "suites") { split(value, words, " "); suite = words[1] }
                  if (key == "enabled") off = tolower(value) ~ /^[ \\t]*(no|false|without|off|disable)/
                }
                END { told() }'
              ;;
            esac
          done
          return 0\
          """);

  /**
   * {@code retire_repository FILE URI SUITE}: apt does not ask it any more. The file as it was is
   * kept below /var/lib/provision/apt.
   */
  static final ShellFunction RETIRE =
      new ShellFunction(
          "retire_repository",
          """
          file=$1 kept=/var/lib/provision/apt/${1##*/}
          (umask 077 && try mkdir -p -- "${kept%/*}") || return
          [ -e "$kept" ] || try cp -p -- "$file" "$kept" || return
          case $file in
          *.list)
            text=$(tr -d '\\000' <"$file" | uri=$2 suite=$3 awk '{
              bare = $0
              sub(/\\[[^]]*\\]/, "", bare)
              split(bare, word, " ")
              if ((word[1] == "deb" || word[1] == "deb-src") && word[2] == ENVIRON["uri"] && word[3] == ENVIRON["suite"])
                print "# no longer exists, taken out of use by provision: " $0
              else
                print
            }')
            ;;
          *)
            text=$(tr -d '\\000' <"$file" | uri=$2 suite=$3 awk '
              function told(  i, j, n, w, rest, here) {
                here = suite == ENVIRON["suite"] && has
                for (i = 1; i <= lines; i++) {
                  if (!here) { print line[i]; continue }
                  if (others == 0) {
                    if (key[i] == "enabled") continue
                    if (key[i] != "#" && !said++) print "Enabled: no"
                    print line[i]
                    continue
                  }
                  if (key[i] != "uris") { print line[i]; continue }
                  n = split(line[i], w, " "); rest = ""
                  for (j = 1; j <= n; j++) if (w[j] != ENVIRON["uri"]) rest = rest " " w[j]
                  if (rest != "") print (line[i] ~ /^[ \\t]/ ? rest : substr(rest, 2))
                }
                lines = has = others = said = 0; suite = last = ""
              }
              /^[ \\t\\r]*$/ { told(); print; next }
              {
                lines++; line[lines] = $0
                if ($0 ~ /^#/) { key[lines] = "#"; next }
                if ($0 !~ /^[ \\t]/) { last = tolower($1); sub(/:.*/, "", last) }
                key[lines] = last
                first = $0 ~ /^[ \\t]/ ? 1 : 2
                text = $0
                if (first == 2) sub(/^[^:]*:/, "", text)
                sub(/\\r$/, "", text)
                n = split(text, words, " ")
                if (last == "suites" && suite == "") suite = words[1]
                if (last == "uris") for (i = 1; i <= n; i++) if (words[i] == ENVIRON["uri"]) has++; else others++
              }
              END { told() }')
            ;;
          esac
          (umask 022 && put_text "$file" "$text
          ")\
          """,
          List.of(FileTransfer.PUT_TEXT));
}
