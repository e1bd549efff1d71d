package io.provision.steps.kubernetes.encryption;

import io.provision.remote.ShellFunction;
import io.provision.resource.FileTransfer;
import io.provision.steps.kubernetes.Kubectl;
import java.util.List;

/**
 * How the EncryptionConfiguration of a control plane is made and changed on the host itself, so
 * that no key leaves it, and how Secrets come to be written with its first entry.
 */
final class EncryptionScripts {
  /**
   * {@code encryption_is_loaded KUBECTL KUBECONFIG FILE}: the API server says the digest of what it
   * has in use, which it looks at once a minute (kubernetes,
   * apiserver/pkg/server/options/encryptionconfig/metrics).
   */
  static final ShellFunction IS_LOADED =
      new ShellFunction(
          "encryption_is_loaded",
          """
          sum=$(sha256sum <"$3" | head -c 64) &&
            admin_kubectl "$1" "$2" get --raw /metrics 2>/dev/null </dev/null |
            head -c 100000000 |
            grep '^apiserver_encryption_config_controller_last_config_info{' |
            grep -qF "hash=\\"sha256:$sum\\""\
          """,
          List.of(Kubectl.ADMIN));

  /**
   * {@code encryption_is_ours}: the file on stdin has our first line, and only lines as they are
   * written here: what one of another kind would say is nothing that could be carried over.
   */
  static final ShellFunction IS_OURS =
      new ShellFunction(
          "encryption_is_ours",
          """
          awk '
            NR == 1 && /^# Made by provision, / { ours = 1 }
            /^#/ || /^ *$/ { next }
            /^apiVersion: apiserver.config.k8s.io\\/v1$/ || /^kind: EncryptionConfiguration$/ || /^resources:$/ { next }
            /^ *- resources: \\[secrets\\]$/ || /^ *providers:$/ || /^ *keys:$/ || /^ *- identity: \\{\\}$/ { next }
            /^ *- (aescbc|aesgcm|secretbox):$/ || /^ *- name: "?[A-Za-z0-9._-]+"?$/ || /^ *secret: "?[A-Za-z0-9+\\/=]+"?$/ { next }
            { ours = 0; exit }
            END { exit !ours }'\
          """);

  /**
   * {@code arranged_entries HOW ENTRY FILE}: those of the file, which is on stdin, behind a line
   * with a new key.
   */
  private static final ShellFunction ARRANGED =
      new ShellFunction(
          "arranged_entries",
          """
          awk -v how="$1" -v wanted="$2" '
            function put(entry, key) {
              if (entry in keys || entry == "identity" && plain++) broken = 1
              order[++n] = entry
              if (entry != "identity") { keys[entry] = key; if (length(key) < 20) broken = 1 }
            }
            NR == 1 { fresh = $2; next }
            /^ *- *identity *:/ { put("identity", ""); next }
            /^ *- *name *:/ { name = $3; gsub(/["\\047]/, "", name); next }
            /^ *- *[a-z0-9]+ *:/ { provider = $0; sub(/^ *- */, "", provider); sub(/ *:.*/, "", provider); next }
            /^ *secret *:/ { key = $2; gsub(/["\\047]/, "", key); put(provider ":" name, key) }
            END {
              has = wanted in keys || wanted == "identity" && plain
              if (broken || how == "begin" && n || how != "begin" && how != "add" && !has || how == "add" && has) exit 3
              if (how == "begin") {
                put(wanted, fresh)
                if (!plain) put("identity", "")
              } else if (how == "add") {
                if (!n) put("identity", "")
                if (wanted != "identity" || !plain) {
                  put(wanted, fresh)
                  for (i = n; i > 2; i--) order[i] = order[i - 1]
                  order[2] = wanted
                }
              } else if (how != "mark") {
                m = n
                for (i = 1; i <= m; i++) was[i] = order[i]
                n = 1
                order[1] = wanted
                for (i = 1; i <= m; i++)
                  if (was[i] != wanted && (how == "first" || was[i] == "identity")) order[++n] = was[i]
              }
              if (broken) exit 3
              for (i = 1; i <= n; i++) {
                if (order[i] == "identity") { print "        - identity: {}"; continue }
                split(order[i], part, ":")
                print "        - " part[1] ":"
                print "            keys:"
                print "              - name: " part[2]
                print "                secret: " keys[order[i]]
              }
            }' || {
            echo "$3 is not as it was looked at" >&2
            return 1
          }\
          """);

  /**
   * {@code arrange_encryption FILE HOW PROVIDER NAME}: {@code begin} a file with this key, for a
   * cluster that begins; {@code add} the key, made here, behind the entry that Secrets are written
   * with; have it {@code first}; keep it {@code only}; or {@code mark} what was taken from another
   * as not in use yet, where it is ours. No key is ever made anew, and one that was not looked at
   * never goes. Meanwhile the file says that it is changing, until {@code only}.
   */
  static final ShellFunction ARRANGE =
      new ShellFunction(
          "arrange_encryption",
          """
          file=$1 how=$2 wanted=$3
          [ "$3" = identity ] || wanted=$3:$4
          text= key=
          if [ -e "$file" ]; then
            [ "$how" != begin ] || {
              echo "$file is there meanwhile, and is never written anew" >&2
              return 1
            }
            text=$(cat "$file" | tr -d '\\000')
            printf '%s\\n' "$text" | encryption_is_ours || {
              [ "$how" != mark ] || return 0
              echo "hint: change it by hand, as kubernetes.io/docs/tasks/administer-cluster/encrypt-data has it, on every control plane" >&2
              echo "$file has lines that were not written here, and is not changed" >&2
              return 1
            }
          fi
          case $how in
            begin | add)
              key=$(head -c 32 /dev/urandom | base64 | tr -d '\\n')
              [ "${#key}" -eq 44 ] || {
                echo "/dev/urandom gave no key" >&2
                return 1
              }
              ;;
          esac
          entries=$(printf 'key %s\\n%s\\n' "$key" "$text" | arranged_entries "$how" "$wanted" "$file") || return
          changing='# changing'
          case $how in begin | only) changing='#' ;; esac
          (umask 077 && try mkdir -p -- "${file%/*}") && (umask 077 && put_text "$file" "# Made by provision, and changed by nobody else. Keep a copy where nobody else can read it: without
          # what is in it no Secret of the cluster can be read.
          $changing
          apiVersion: apiserver.config.k8s.io/v1
          kind: EncryptionConfiguration
          resources:
            - resources: [secrets]
              providers:
          $entries
          ")\
          """,
          List.of(IS_OURS, ARRANGED, FileTransfer.PUT_TEXT));

  /**
   * {@code rewrite_some KUBECTL KUBECONFIG LOG NAMESPACE NAME...}: a patch that changes nothing, so
   * that no value leaves the API server; one that is gone by then needs nothing.
   */
  private static final ShellFunction REWRITE_SOME =
      new ShellFunction(
          "rewrite_some",
          """
          program=$1 config=$2 log=$3 namespace=$4 tries=0
          shift 4
          while [ "$tries" -lt 5 ]; do
            tries=$((tries + 1))
            admin_kubectl "$program" "$config" --request-timeout=60s -n "$namespace" \\
              patch secrets "$@" --type=merge -p '{}' -o name >/dev/null 2>"$log" </dev/null && return 0
            if some=$(admin_kubectl "$program" "$config" --request-timeout=60s -n "$namespace" \\
              get secrets "$@" --ignore-not-found -o name 2>/dev/null </dev/null); then
              set -f
              set -- $(printf '%s\\n' "$some" | sed 's,^secret/,,')
              [ "$#" -gt 0 ] || return 0
            fi
            say "a Secret in the namespace $namespace could not be written anew, which is tried five times: $(tail -n 1 "$log" | cut -c 1-200)"
            sleep 2
          done
          tail -n 3 "$log" | cut -c 1-300 >&2
          echo "hint: what is in the way of an update of it (a webhook, a policy)? Secrets can be read all the same: run the same command again" >&2
          echo "a Secret in the namespace $namespace could not be written anew, of: $(echo "$*" | cut -c 1-300)" >&2
          return 1\
          """,
          List.of(Kubectl.ADMIN));

  /**
   * {@code rewrite_secrets KUBECTL KUBECONFIG LOG}: every Secret is patched with nothing, which has
   * the API server encrypt it with the first entry: it writes what has not changed where it was
   * written with another one, and only there (kubernetes, apiserver/pkg/storage/etcd3/store.go,
   * stale).
   */
  static final ShellFunction REWRITE =
      new ShellFunction(
          "rewrite_secrets",
          """
          kubectl=$1 admin=$2 log=$3
          names=$(admin_kubectl "$kubectl" "$admin" --request-timeout=60s \\
            get secrets --all-namespaces --no-headers </dev/null) || {
            echo "the API server of this host does not list the Secrets" >&2
            return 1
          }
          count=$(printf '%s' "$names" | grep -c .)
          say "$count Secrets are written anew, one after another"
          printf '%s\\n' "$names" | awk '
            NF < 2 { next }
            $1 != namespace || n == 20 { if (n) print line; namespace = line = $1; n = 0 }
            { line = line " " $2; n++ }
            END { if (n) print line }' | {
            done=0 told=0
            set -f
            while read -r line; do
              set -- $line
              rewrite_some "$kubectl" "$admin" "$log" "$@" || return 1
              done=$((done + $# - 1))
              if [ "$((done - told))" -ge 500 ]; then
                told=$done
                say "$done of $count Secrets are written anew"
              fi
            done
            return 0
          } || return
          rm -f -- "$log"
          return 0\
          """,
          List.of(Kubectl.ADMIN, REWRITE_SOME));

  private EncryptionScripts() {}
}
