package io.provision.steps.kubeadm;

import io.provision.remote.ShellFunction;
import io.provision.resource.unit.UnitFailure;
import java.util.List;

/** How kubeadm is called, and what is said where it fails. */
final class KubeadmRun {
  /** No token, whatever prints it. */
  private static final String WITHOUT_TOKENS = "sed 's/[a-z0-9]\\{6\\}\\.[a-z0-9]\\{16\\}/****/g'";

  /**
   * {@code explain_kubeadm LOG VERB}: in which phase it ended, why, and what to do; on stderr, the
   * sentence last.
   */
  static final ShellFunction EXPLAIN =
      new ShellFunction(
          "explain_kubeadm",
          """
          said=$(tail -c 200000 "$1" | tr -d '\\000' | %s)
          phase=$(printf '%%s\\n' "$said" | sed -n 's/.*error execution phase \\([a-z/-]*\\):.*/\\1/p' | tail -n 1)
          [ -n "$phase" ] || phase=$(printf '%%s\\n' "$said" | sed -n 's|^\\[\\([a-z/-]*\\)\\].*|\\1|p' | tail -n 1)
          why=$(printf '%%s\\n' "$said" | sed -n 's/^[[:space:]]*\\[ERROR \\([^]]*\\)\\]: /\\1: /p' | cut -c 1-300 | head -n 5 | tr '\\n' ';' | sed 's/;$//; s/;/; /g')
          [ -n "$why" ] || why=$(printf '%%s\\n' "$said" | sed -n 's/^error: //p; s/^error execution phase [^:]*: //p' | tail -n 1 | sed 's/^error execution phase [^:]*: //' | cut -c 1-400)
          [ -n "$why" ] || why=$(printf '%%s\\n' "$said" | grep -v '^[[:space:]]*$' | grep -v 'stack trace of this error' | tail -n 1 | cut -c 1-400)
          printf '%%s\\n' "$said" | grep -v '^[[:space:]]*$' | grep -v 'CONFIG_\\|CGROUPS_\\|stack trace of this error' | tail -n 12 | cut -c 1-400
          hint=
          case $said in
            *'[ERROR ImagePull]'*[Tt]'oo'*[Mm]'any'*[Rr]'equests'*)
              hint="the image registry limits how often it is asked: run it again later, give it a login or a mirror ('registries'), or put the images into the artifact directory" ;;
            *'[ERROR ImagePull]'* | *'failed to pull image'*)
              hint="let the host reach the image registry, or put the images into the artifact directory" ;;
            *'[ERROR Port-'*) hint="another program listens there: ss -ltnp" ;;
            *'cgroups v1 support'*'[ERROR SystemVerification]'*)
              hint="boot it with cgroup v2; or set 'kubelet: { failCgroupV1: false }' and 'ignore_preflight: [SystemVerification]'" ;;
            *'[ERROR CRI]'*) hint="look at containerd there: journalctl -u containerd" ;;
            *'[ERROR FileAvailable'* | *'[ERROR DirAvailable'*)
              hint="something of an older cluster lies there: look at it, and clear it by 'kubeadm reset' where nobody needs it" ;;
            *'[ERROR '*) hint="fix it, or accept it by its name: ignore_preflight" ;;
            *'kubelet is not healthy'* | *'kubelet-check'*'context deadline exceeded'*)
              words=$(unit_last_words kubelet.service | tail -n 1)
              [ -z "$words" ] || why="the kubelet does not run: $words"
              hint="look at the kubelet there: journalctl -u kubelet" ;;
            *'certificate has expired or is not yet valid'*)
              hint="look at the clocks of this host and of the control plane" ;;
            *'already exists in the cluster'*)
              hint="another machine joined under this name: rename one, or delete the node that is gone ('kubectl delete node')" ;;
            *'no such host'*) hint="a name is not resolved on this host: look at /etc/hosts and its name servers" ;;
            *'token id'*'invalid'* | *'could not find a JWS signature'*)
              hint="its token ended meanwhile; a run makes a new one" ;;
            *'connection refused'* | *'no route to host'* | *'i/o timeout'* | *'deadline exceeded'*)
              hint="the API is not reached from here on port 6443: look at the control plane, and at firewalls" ;;
          esac
          case $phase:$said in
            wait-control-plane:* | *:*'control plane component'*'not healthy'*)
              hint="look there at what its containers say: /var/log/pods"
              for name in etcd kube-apiserver; do
                log=$(ls -t /var/log/pods/kube-system_"$name"-*/"$name"/*.log 2>/dev/null | head -n 1)
                if [ -n "$log" ] && [ -s "$log" ]; then
                  printf '%%s: %%s\\n' "$name" "$(tail -n 1 "$log" | cut -c 1-400)"
                  continue
                fi
                words=$(journalctl --no-pager -o cat -n 500 -u kubelet.service 2>/dev/null | head -c 1000000 |
                  tr -d '\\000' | sed -n "s/.*StartContainer[^a-z]*for [^a-z]*$name[^a-z-]* with \\(.*\\)/\\1/p" | tail -n 1 | cut -c 1-600)
                [ -n "$words" ] || continue
                why="no container of $name starts: $words"
                hint="look at the kubelet and at containerd there: journalctl -u kubelet -u containerd"
                break
              done ;;
          esac
          [ -z "$hint" ] || printf 'hint: %%s\\n' "$hint"
          printf 'kubeadm %%s ended%%s: %%s\\n' "$2" "${phase:+ in its phase '$phase'}" "${why:-it said nothing}"
          return 0\
          """
              .formatted(WITHOUT_TOKENS),
          List.of(UnitFailure.LAST_WORDS));

  /**
   * {@code run_kubeadm LOG VERB WORD...}: kubeadm, its phases told while it runs. What it prints
   * can hold a token, and goes to a file for root alone that is removed.
   */
  static final ShellFunction RUN =
      new ShellFunction(
          "run_kubeadm",
          """
          log=$1 verb=$2
          shift
          rm -f -- "$log" "$log.status"
          (umask 077 && : >"$log" && : >"$log.status") || {
            echo "$log cannot be written" >&2
            return 1
          }
          {
            /usr/local/bin/kubeadm "$@" </dev/null 2>&1
            echo "$?" >"$log.status"
          } | tee "$log" | sed -un 's|^\\[\\([a-z/-]\\{1,40\\}\\)\\].*|\\1|p' | {
            before=
            while IFS= read -r phase; do
              [ "$phase" = "$before" ] || say "kubeadm $verb: $phase"
              before=$phase
            done
          }
          ended=$(head -c 10 "$log.status")
          [ "$ended" = 0 ] || explain_kubeadm "$log" "$verb" >&2
          rm -f -- "$log" "$log.status"
          [ "$ended" = 0 ]\
          """,
          List.of(EXPLAIN));

  /** {@code validate_kubeadm FILE}: whether this kubeadm takes it. A token in it is not shown. */
  static final ShellFunction VALIDATE =
      new ShellFunction(
          "validate_kubeadm",
          """
          said=$(timeout 60 /usr/local/bin/kubeadm config validate --config "$1" 2>&1 </dev/null | head -c 20000 | tr -d '\\000' | %s)
          case $said in
            ok | *'
          ok') return 0 ;;
          esac
          printf '%%s\\n' "$said" | tail -n 8 | cut -c 1-400 >&2
          echo "hint: look at what the inventory sets of kubelet and kube_proxy" >&2
          echo "kubeadm does not take its configuration: $(printf '%%s\\n' "$said" | grep -v '^[[:space:]]*$' | grep -v 'stack trace' | tail -n 1 | cut -c 1-400)" >&2
          return 1\
          """
              .formatted(WITHOUT_TOKENS));

  /**
   * {@code init_control_plane FILE BEGUN}: begins the cluster, or ends what an earlier run began.
   * The file BEGUN is there meanwhile. All phases can be run again but the first, which refuses
   * what the others leave.
   */
  static final ShellFunction INIT =
      new ShellFunction(
          "init_control_plane",
          """
          log=${2%/*}/kubeadm.log
          validate_kubeadm "$1" || return
          if [ ! -e "$2" ]; then
            run_kubeadm "$log" init phase preflight --config "$1" || return
            try touch -- "$2" && try sync "$2" || return
          fi
          run_kubeadm "$log" init --config "$1" --skip-phases=preflight,show-join-command --skip-token-print || return
          try rm -f -- "$2"\
          """,
          List.of(VALIDATE, RUN));

  /**
   * {@code take_authorities} with lines of {@code print_authorities} as payload: they are there,
   * for root alone. An authority that is there and is another one is somebody's, and left alone.
   */
  static final ShellFunction TAKE_AUTHORITIES =
      new ShellFunction(
          "take_authorities",
          """
          folder=/etc/kubernetes/pki
          (umask 077 && try mkdir -p -- "$folder/etcd") || return
          head -c "$payload_1" | {
            umask 077
            count=0
            while read -r name text; do
              case $name in
                ca.crt | ca.key | sa.key | sa.pub | front-proxy-ca.crt | front-proxy-ca.key | etcd/ca.crt | etcd/ca.key) ;;
                *)
                  echo "what was handed over is not the certificate authority" >&2
                  exit 1
                  ;;
              esac
              printf '%s' "$text" | base64 -d >"$folder/$name.fresh" || {
                rm -f -- "$folder/$name.fresh"
                echo "$folder/$name cannot be written" >&2
                exit 1
              }
              if [ -e "$folder/$name" ] && ! cmp -s "$folder/$name.fresh" "$folder/$name"; then
                rm -f -- "$folder/$name.fresh"
                echo "hint: keep it if a cluster was made with it; else move /etc/kubernetes/pki away" >&2
                echo "$folder/$name is there, and is not the one of this cluster" >&2
                exit 1
              fi
              try mv -f -- "$folder/$name.fresh" "$folder/$name" || exit
              count=$((count + 1))
            done
            [ "$count" = 8 ] || {
              echo "only $count of 8 files of the certificate authorities were handed over" >&2
              exit 1
            }
          }\
          """);

  /**
   * {@code join_cluster FILE JOINING} with a token and a digest as payload, a line each: joins as
   * FILE says. What is made of both is there for root alone, while kubeadm runs. The file JOINING
   * is there meanwhile. All phases can be run again but the first, and but the kubelet's once it
   * has been accepted.
   */
  static final ShellFunction JOIN =
      new ShellFunction(
          "join_cluster",
          """
          log=${2%/*}/kubeadm.log whole=${2%/*}/join-with-token.yaml
          said=$(head -c "$payload_1")
          token=${said%%
          *} authority=${said#*
          }
          case $token:$authority in
            ??????.????????????????:sha256:????????????????????????????????????????????????????????????????) ;;
            *)
              echo "what was handed over is not a token" >&2
              return 1
              ;;
          esac
          rm -f -- "$whole"
          (
            umask 077
            while IFS= read -r line || [ -n "$line" ]; do
              case $line in
                *__TOKEN__*) printf '%s%s%s\\n' "${line%%__TOKEN__*}" "$token" "${line#*__TOKEN__}" ;;
                *__AUTHORITY__*) printf '%s%s%s\\n' "${line%%__AUTHORITY__*}" "$authority" "${line#*__AUTHORITY__}" ;;
                *) printf '%s\\n' "$line" ;;
              esac
            done <"$1" >"$whole"
          ) || {
            echo "$whole cannot be written" >&2
            return 1
          }
          join_by "$whole" "$2" "$log"
          status=$?
          rm -f -- "$whole"
          return "$status"\
          """,
          List.of(
              new ShellFunction(
                  "join_by",
                  """
                  validate_kubeadm "$1" || return
                  skip=preflight
                  if [ ! -e "$2" ]; then
                    run_kubeadm "$3" join phase preflight --config "$1" || return
                    try touch -- "$2" && try sync "$2" || return
                  elif [ -e /etc/kubernetes/kubelet.conf ]; then
                    skip=preflight,kubelet-start
                  fi
                  run_kubeadm "$3" join --config "$1" --skip-phases="$skip" || return
                  try rm -f -- "$2"\
                  """,
                  List.of(VALIDATE, RUN))));

  /**
   * {@code mint_join_token TTL}: a token that lives so long, and the digest of the authority's
   * public key, a line each. No file is changed, and no argument holds any of them.
   */
  static final ShellFunction MINT =
      new ShellFunction(
          "mint_join_token",
          """
          said=$(KUBECONFIG=/etc/kubernetes/admin.conf timeout 60 /usr/local/bin/kubeadm token create \\
            --ttl "$1" --description 'made by provision for a node that joins' --print-join-command 2>/dev/null </dev/null | head -c 2000)
          token= authority=
          set -f
          for word in $said; do
            case $word in
              sha256:*) authority=$word ;;
              ??????.????????????????) token=$word ;;
            esac
          done
          set +f
          if [ -z "$token" ] || [ -z "$authority" ]; then
            echo "kubeadm made no token: look at the API server there" >&2
            return 1
          fi
          printf '%s\\n%s\\n' "$token" "$authority"\
          """);

  private KubeadmRun() {}
}
