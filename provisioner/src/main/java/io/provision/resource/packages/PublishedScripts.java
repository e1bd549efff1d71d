package io.provision.resource.packages;

import io.provision.remote.ShellFunction;
import io.provision.resource.FileTransfer;
import java.util.List;

/** What runs on a host for packages of a publisher's repository. */
final class PublishedScripts {

  /** {@code look_published KEYRING RECORD}: {@code key} and {@code held} lines. */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_published",
          """
          [ ! -s "$1" ] || key_fingerprints "$1" | sed 's/^/key /'
          [ ! -f "$2" ] || head -c 10000 "$2" | tr -d '\\000' | sed -n 's/^\\([a-z0-9.+-]*\\) \\([^ ]*\\) [a-z]*$/held \\1 \\2/p'
          return 0\
          """,
          List.of(OpenPgpScripts.FINGERPRINTS));

  /**
   * {@code take_repository_key URI FINGERPRINT KEYRING}: what apt trusts is the key of that
   * fingerprint and no other, be it a payload or what the repository has; else all stays as it is.
   */
  static final ShellFunction KEY =
      new ShellFunction(
          "take_repository_key",
          """
          mkdir -p /run/provision
          raw=/run/provision/repository.key log=/run/provision/apt-key.log
          rm -f -- "$raw" "$raw.plain"
          if [ -n "${payload_1:-}" ]; then
            from='the file that key_file names'
            try head -c "$payload_1" >"$raw" || return
          else
            from=${1%/}/Release.key
            say "fetching $from, two minutes at most"
            timeout 120 /usr/lib/apt/apt-helper -o Acquire::Retries=2 download-file "$from" "$raw" >"$log" 2>&1 </dev/null && [ -s "$raw" ] || {
              grep '^E: ' "$log" | head -n 3 >&2
              echo "hint: look whether this host reaches it; a key that lies elsewhere can be given as a file beside the inventory: key_file" >&2
              echo "the key of the repository cannot be fetched: $from" >&2
              return 100
            }
          fi
          plain_key "$raw" >"$raw.plain"
          is=$(key_fingerprints "$raw.plain" | tr '\\n' ' ')
          is=${is% }
          if [ "$is" != "$2" ]; then
            case $is in
              '')
                echo "hint: it should be the file that the publisher's guide has for apt: a public key, armoured or not" >&2
                echo "$from does not have a public key of OpenPGP" >&2
                ;;
              *' '*)
                echo "hint: give the one key of $2 by itself, as key_file" >&2
                echo "$from has several keys, and apt would trust them all: $is" >&2
                ;;
              *)
                echo "hint: nothing is installed by it. look what the publisher says of its key: where it was changed, set the new fingerprint as 'key'" >&2
                echo "$from is the key $is, and the inventory pins $2" >&2
                ;;
            esac
            return 100
          fi
          if cmp -s -- "$raw.plain" "$3"; then return 0; fi
          (umask 022 && try mkdir -p -- "${3%/*}") || return
          try cp -- "$raw.plain" "$3.new" && try chmod 0644 -- "$3.new" && try sync "$3.new" && try mv -f -- "$3.new" "$3"\
          """,
          List.of(OpenPgpScripts.PLAIN, OpenPgpScripts.FINGERPRINTS));

  /**
   * {@code explain_repository URI FINGERPRINT}: why the lists of one repository are not new, from
   * what apt-get printed. gpgv tells an expired key always, sqv where the key had ended when it
   * signed.
   */
  private static final ShellFunction EXPLAIN =
      new ShellFunction(
          "explain_repository",
          """
          log=/run/provision/apt.log
          other=$(grep -oE '(NO_PUBKEY|Missing key) [0-9A-Fa-f]+' "$log" | head -n 1)
          grep -E '^[EW]: ' "$log" | head -c 4000 | head -n 5
          if grep -qE 'EXPKEYSIG|KEYEXPIRED|Expired on|not live' "$log"; then
            echo "hint: where its publisher prolonged it, the next run fetches it by itself (with key_file it is yours to renew); where there is another key, set that one's fingerprint as 'key'"
            echo "the key of the repository has expired: $2, of $1"
          elif [ -n "$other" ]; then
            echo "hint: nothing is installed from it. look what the publisher says of its key: where it was changed, set the new fingerprint as 'key'"
            echo "the repository is signed by another key (${other##* }) than the inventory pins ($2): $1"
          elif grep -qE 'BADSIG|ERRSIG|signature verification|GPG error|Bad signature' "$log"; then
            echo "hint: nothing is installed from it. a mirror that is being renewed can be so for minutes; if it stays, ask who keeps it"
            echo "the signature of the repository is not right: $1"
          elif grep -qE 'is (not|no longer) signed' "$log"; then
            echo "hint: nothing is installed from a repository without a signature. take the one that its publisher signs"
            echo "the repository is not signed: $1"
          elif grep -qE 'does not have a Release file|no longer has a Release file' "$log"; then
            echo "hint: look at 'repository' in the inventory, and whether this minor version is there"
            echo "there is no repository at $1"
          else
            echo "hint: look whether this host reaches it; what apt-get printed is in $log there"
            echo "the lists of the repository could not be fetched: $1"
          fi\
          """);

  /**
   * {@code use_repository SOURCES URI FINGERPRINT TEXT}: SOURCES holds TEXT, and what apt knows of
   * this repository is new and signed; others are not asked. apt-get calls it no error where one
   * does not answer. Where it fails, SOURCES is what it was: one that cannot be used would stop
   * whoever updates the lists of that host.
   */
  static final ShellFunction USE =
      new ShellFunction(
          "use_repository",
          """
          sources=$1 kept=/run/provision/sources.kept
          mkdir -p /run/provision
          rm -f -- "$kept"
          [ ! -f "$sources" ] || try cp -p -- "$sources" "$kept" || return
          (umask 022 && try mkdir -p -- "${sources%/*}" && put_text "$sources" "$4") || return
          said=$(apt-get indextargets 2>&1 >/dev/null </dev/null | head -c 20000)
          case $said in
            *'Conflicting values set for option Signed-By'*)
              others=$(grep -lsF -e "${2%/}" /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources | grep -vxF -e "$sources" | head -n 5 | tr '\\n' ' ')
              printf '%s\\n' "$said" | grep -F Conflicting | head -n 1 >&2
              echo "hint: take it out there, then run again; two files may not say two keys of one repository, apt reads no list then" >&2
              echo "the repository is listed already, with another key, in ${others:-another file of /etc/apt}" >&2
              code=100
              ;;
            *)
              say "updating the lists of $2"
              code=0
              run_apt update -o "Dir::Etc::sourcelist=$sources" -o Dir::Etc::sourceparts=/dev/null -o APT::Get::List-Cleanup=0 2>/dev/null || code=100
              ! grep -qsE '^W: .*(Failed to fetch|GPG error|signature)' /run/provision/apt.log || code=100
              [ "$code" = 0 ] || explain_repository "$2" "$3" >&2
              ;;
          esac
          [ "$code" != 0 ] || return 0
          if [ -f "$kept" ]; then try mv -f -- "$kept" "$sources"; else rm -f -- "$sources"; fi
          return "$code"\
          """,
          List.of(FileTransfer.PUT_TEXT, AptScripts.RUN_APT, EXPLAIN));

  /**
   * {@code resolved_packages URI NAME[=VERSION]...}: {@code NAME=VERSION-REVISION} of each, the
   * newest revision that this repository has.
   */
  private static final ShellFunction RESOLVED =
      new ShellFunction(
          "resolved_packages",
          """
          uri=$1
          shift
          for word do
            name=${word%%=*} version=
            case $word in *=*) version=${word#*=} ;; esac
            has=$(apt-cache madison -- "$name" 2>/dev/null </dev/null | head -c 200000 | uri=$uri awk '
              BEGIN { FS = " *[|] *" }
              { at = $3; sub(/\\/? .*$/, "/", at); if (at == ENVIRON["uri"] && !seen[$2]++) print $2 }')
            is=$(printf '%s\\n' "$has" | version=$version awk '
              ENVIRON["version"] == "" || index($0, ENVIRON["version"] "-") == 1 { print; exit }')
            [ -n "$is" ] || {
              echo "hint: take one of these as 'version'; another minor version is in another repository where its address has {minor}" >&2
              echo "$uri has no $name${version:+ $version}; it has: $(printf '%s\\n' "${has:-none}" | head -n 12 | tr '\\n' ' ')" >&2
              return 100
            }
            printf '%s=%s\\n' "$name" "$is"
          done\
          """);

  /**
   * {@code record_packages RECORD NAME=VERSION...}: what is to be installed is ours from now on,
   * and what somebody else brought is {@code adopted}: it stays when ours goes.
   */
  private static final ShellFunction RECORD =
      new ShellFunction(
          "record_packages",
          """
          record=$1
          shift
          (umask 022 && try mkdir -p -- "${record%/*}") || return
          text=$(cat -- "$record" 2>/dev/null)
          for word do
            name=${word%%=*}
            how=$(printf '%s\\n' "$text" | name=$name awk '$1 == ENVIRON["name"] { print $3; exit }')
            if [ -z "$how" ]; then
              how=ours
              case $(dpkg-query -W -f '${db:Status-Status}' -- "$name" 2>/dev/null) in installed) how=adopted ;; esac
            fi
            text="$text
          $name ${word#*=} $how"
          done
          put_text "$record" "$(printf '%s\\n' "$text" | grep . | tail -n 100)
          "\
          """,
          List.of(FileTransfer.PUT_TEXT));

  /** {@code hold_published RECORD NAME...}: as they are. */
  static final ShellFunction HOLD =
      new ShellFunction(
          "hold_published",
          """
          record=$1
          shift
          for name do
            record_packages "$record" "$name=$(dpkg-query -W -f '${Version}' -- "$name" 2>/dev/null)" || return
          done
          try apt-mark -qq hold -- "$@"\
          """,
          List.of(RECORD));

  /**
   * {@code add_published RECORD URI NAME[=VERSION]...}: installed from this repository and on hold.
   * Nothing else goes for it.
   */
  static final ShellFunction ADD =
      new ShellFunction(
          "add_published",
          """
          record=$1
          shift
          exact=$(resolved_packages "$@") || return
          set -f
          set -- $exact
          set +f
          finish_dpkg && record_packages "$record" "$@" || return
          apt-mark -qq unhold -- $(printf '%s\\n' "$exact" | sed 's/=.*//') >/dev/null 2>&1
          say "installing $*"
          run_apt install --no-remove --no-install-recommends --allow-downgrades -- "$@" || return
          try apt-mark -qq hold -- $(printf '%s\\n' "$exact" | sed 's/=.*//')\
          """,
          List.of(RESOLVED, AptScripts.FINISH, RECORD, AptScripts.RUN_APT));

  /**
   * {@code stage_published URI NAME[=VERSION]...}: their files are on the host, as apt keeps them.
   */
  static final ShellFunction STAGE =
      new ShellFunction(
          "stage_published",
          """
          exact=$(resolved_packages "$@") || return
          set -f
          set -- $exact
          set +f
          say "fetching $*"
          run_apt install --download-only --no-remove --no-install-recommends --allow-downgrades --allow-change-held-packages -- "$@"\
          """,
          List.of(RESOLVED, AptScripts.RUN_APT));

  /**
   * {@code remove_published RECORD SOURCES KEYRING}: what is ours is purged, what was adopted is
   * held no longer, and the repository is forgotten; RECORD last, which says that there is
   * something left.
   */
  static final ShellFunction REMOVE =
      new ShellFunction(
          "remove_published",
          """
          [ -f "$1" ] || return 0
          all=$(awk '!seen[$1]++ { print $1 }' "$1")
          ours=$(awk '$3 == "ours" && !seen[$1]++ { print $1 }' "$1")
          there=
          for name in $ours; do
            case $(dpkg-query -W -f '${db:Status-Status}' -- "$name" 2>/dev/null) in '' | not-installed) ;; *) there="$there $name" ;; esac
          done
          [ -z "$all" ] || apt-mark -qq unhold -- $all >/dev/null 2>&1
          if [ -n "$there" ]; then
            others=
            for name in $(apt-get -s -q -y purge -- $there 2>/dev/null </dev/null | head -c 1000000 | sed -n 's/^\\(Remv\\|Purg\\) \\([a-z0-9][a-z0-9+.-]*\\).*/\\2/p'); do
              case " $there " in *" $name "*) ;; *) others="$others $name" ;; esac
            done
            [ -z "$others" ] || {
              echo "hint: see what they are for, and remove them yourself if they may go; then run again" >&2
              echo "purging$there would take away:$others" >&2
              return 100
            }
            say "purging$there"
            run_apt purge -- $there || return
          fi
          try rm -f -- "$2" "$3" && try rm -f -- "$1"\
          """,
          List.of(AptScripts.RUN_APT));

  private PublishedScripts() {}
}
