package io.provision.steps.os.apt;

import io.provision.remote.ShellFunction;
import java.util.List;

/** Reads and changes sources.list(5), in both of its forms. */
final class RepositoryScripts {
  private RepositoryScripts() {}

  /**
   * {@code listed_repositories}: {@code FILE URI SUITE} for each that apt asks. A stanza with
   * several of both is left out: no word of it can go without taking another repository along.
   */
  private static final ShellFunction LISTED =
      new ShellFunction(
          "listed_repositories",
          """
          for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
            case ${file##*/} in *[!A-Za-z0-9_.:-]*) continue ;; esac
            [ -f "$file" ] || continue
            case $file in
            *.list)
              head -c 1000000 "$file" | tr -d '\\000\\r"' | sed -E 's/\\[[^]]*\\]//' |
                awk -v file="$file" '($1 == "deb" || $1 == "deb-src") && NF > 2 { print file, $2, $3 }'
              ;;
            *.sources)
              head -c 1000000 "$file" | tr -d '\\000\\r' | awk -v file="$file" '
                function told(  i, j, n, m, u, s) {
                  n = split(uris, u, " "); m = split(suites, s, " ")
                  if (!off && (n == 1 || m == 1))
                    for (i = 1; i <= n; i++) for (j = 1; j <= m; j++) print file, u[i], s[j]
                  uris = suites = last = ""; off = 0
                }
                $0 == "" { told(); next }
                /^#/ { next }
                {
                  text = $0
                  if (text !~ /^[ \\t]/) {
                    last = tolower(text); sub(/[ \\t]*:.*/, "", last); sub(/^[^:]*:/, "", text)
                  }
                  if (last == "uris") uris = uris " " text
                  if (last == "suites") suites = suites " " text
                  if (last == "enabled") off = tolower(text) ~ /^[ \\t]*(no|false|without|off|disable|0)[ \\t]*$/
                }
                END { told() }'
              ;;
            esac
          done
          return 0\
          """);

  /**
   * {@code look_dead_repositories}: those of which apt has nothing, although it has fetched lists
   * since they were written down. Only suites of the name that Kubernetes' repositories had until
   * 2024-03-04 (https://kubernetes.io/blog/2023/08/31/legacy-package-repository-deprecation/), so
   * that one that was away for a moment is none. One with a login is somebody's own.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_dead_repositories",
          """
          lists=/var/lib/apt/lists
          set -- "$lists"/*_dists_*Release
          [ -e "$1" ] || return 0
          listed_repositories | while read -r file uri suite; do
            case $uri in *@*) continue ;; esac
            case $suite in kubernetes-*[!a-z-]* | kubernetes-) continue ;; kubernetes-*) ;; *) continue ;; esac
            [ "$lists/partial" -nt "$file" ] || continue
            set -- "$lists"/*_dists_"$suite"_*Release
            [ -e "$1" ] || printf '%s %s %s\\n' "$file" "$uri" "$suite"
          done
          return 0\
          """,
          List.of(LISTED));

  /** {@code without_line URI SUITE}: a file of lines without that repository. */
  private static final ShellFunction WITHOUT_LINE =
      new ShellFunction(
          "without_line",
          """
          uri=$1 suite=$2 awk '{
            bare = $0
            gsub(/[\\r"]/, "", bare)
            sub(/\\[[^]]*\\]/, "", bare)
            split(bare, word, " ")
            if ((word[1] == "deb" || word[1] == "deb-src") && word[2] == ENVIRON["uri"] && word[3] == ENVIRON["suite"])
              print "# taken out of use by provision, apt got nothing of it: " $0
            else
              print
          }' && return 0
          echo "awk could not take $1 $2 out" >&2
          return 2\
          """);

  /**
   * {@code without_stanza URI SUITE}: a file of stanzas without that repository. One that has
   * another URI or another suite loses that word; one that has not is switched off.
   */
  private static final ShellFunction WITHOUT_STANZA =
      new ShellFunction(
          "without_stanza",
          """
          uri=$1 suite=$2 awk '
            function less(line, gone,  head, end, n, i, w, rest) {
              end = line ~ /\\r$/ ? "\\r" : ""
              sub(/\\r$/, "", line)
              head = ""
              if (line !~ /^[ \\t]/) { head = line; sub(/:.*/, ":", head); sub(/^[^:]*:/, "", line) }
              n = split(line, w, " "); rest = ""
              for (i = 1; i <= n; i++) if (w[i] != gone) rest = rest " " w[i]
              if (head rest != "") print head rest end
            }
            function told(  i, here) {
              here = uri && suite && (!uris || !suites)
              for (i = 1; i <= lines; i++) {
                if (!here) print raw[i]
                else if (uris && key[i] == "uris") less(raw[i], ENVIRON["uri"])
                else if (suites && key[i] == "suites") less(raw[i], ENVIRON["suite"])
                else if (uris || suites) print raw[i]
                else if (key[i] != "enabled") {
                  if (key[i] != "#" && !said++) print "Enabled: no"
                  print raw[i]
                }
              }
              lines = uri = suite = uris = suites = said = 0; last = ""
            }
            { text = $0; sub(/\\r$/, "", text) }
            text == "" { told(); print; next }
            {
              raw[++lines] = $0
              if (text ~ /^#/) { key[lines] = "#"; next }
              if (text !~ /^[ \\t]/) {
                last = tolower(text); sub(/[ \\t]*:.*/, "", last); sub(/^[^:]*:/, "", text)
              }
              key[lines] = last
              n = split(text, word, " ")
              for (i = 1; i <= n; i++) {
                if (last == "uris") { if (word[i] == ENVIRON["uri"]) uri++; else uris++ }
                if (last == "suites") { if (word[i] == ENVIRON["suite"]) suite++; else suites++ }
              }
            }
            END { told() }' && return 0
          echo "awk could not take $1 $2 out" >&2
          return 2\
          """);

  /**
   * {@code retire_repository FILE URI SUITE}: apt does not ask it any more. The file keeps its mode
   * and owner, and as it was it is kept below /var/lib/provision/apt.
   */
  static final ShellFunction RETIRE =
      new ShellFunction(
          "retire_repository",
          """
          file=$(readlink -f -- "$1") kept=/var/lib/provision/apt/${1##*/apt/}
          (umask 077 && try mkdir -p -- "${kept%/*}") || return
          [ -e "$kept" ] || { try cp -p -- "$file" "$kept.new" && try sync "$kept.new" && try mv -f -- "$kept.new" "$kept"; } || return
          case $1 in
          *.list) text=$(tr -d '\\000' <"$file" | without_line "$2" "$3") ;;
          *) text=$(tr -d '\\000' <"$file" | without_stanza "$2" "$3") ;;
          esac || return
          [ -n "$text" ] || {
            echo "nothing would be left of $1" >&2
            return 1
          }
          try cp -p -- "$file" "$file.new" && printf '%s\\n' "$text" >"$file.new" && try sync "$file.new" && try mv -f -- "$file.new" "$file" || {
            rm -f -- "$file.new"
            echo "$1 cannot be written" >&2
            return 1
          }\
          """,
          List.of(WITHOUT_LINE, WITHOUT_STANZA));
}
