package io.provision.steps.kubeadm;

import io.provision.model.Host;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.NodeCertificates;
import io.provision.steps.kubernetes.Nodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * kubeadm makes certificates of a control plane for a year and renews them where it is asked to;
 * not all programs read a new one by themselves, so that its static pods are started again
 * (https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/). A kubelet renews
 * the one that it shows to the API by itself, and one that it shows to others where it asked the
 * cluster for that; the one that it made itself it keeps for good.
 */
record KubeadmCertificates() implements NodeCertificates {
  private static final Duration RENEW = Duration.ofMinutes(5);

  /** Five minutes for each static pod, as kubeadm's own upgrade has, and some. */
  private static final Duration RESTART = Duration.ofMinutes(25);

  private static final String LOGIN = "/var/lib/kubelet/pki/kubelet-client-current.pem";

  /** When it began, in seconds since 1970: what the manifests of the pods are told apart by. */
  static final String RENEWING = Kubeadm.OURS + "/renewing";

  /** Of {@code kubeadm certs renew}, by the file that it makes anew. */
  private static final Map<String, String> NAMES = names();

  /**
   * {@code renew_certificates FILE MARKER NAME...}: those of kubeadm's names, made anew with what
   * is in them now.
   */
  private static final ShellFunction RENEW_CERTIFICATES =
      new ShellFunction(
          "renew_certificates",
          """
          file=$1 marker=$2
          shift 2
          for authority in ca front-proxy-ca etcd/ca; do
            [ -s "/etc/kubernetes/pki/$authority.key" ] || {
              echo "hint: renew them where that key is kept, and put them into /etc/kubernetes" >&2
              echo "/etc/kubernetes/pki/$authority.key is not there: no certificate can be renewed on this host" >&2
              return 1
            }
          done
          if [ ! -s "$marker" ]; then
            try mkdir -p -- "${marker%/*}" || return
            date -u +%s >"$marker.fresh" && try mv -f -- "$marker.fresh" "$marker" || return
            try sync "$marker" || return
          fi
          for name do
            run_kubeadm "${marker%/*}/kubeadm.log" certs renew "$name" --config "$file" || return
          done\
          """,
          List.of(KubeadmRun.RUN));

  /**
   * {@code stamp_manifest NAME STAMP}: the kubelet starts the static pod anew for it. What the
   * kubelet reads is replaced whole.
   */
  static final ShellFunction STAMP =
      new ShellFunction(
          "stamp_manifest",
          """
          manifest=/etc/kubernetes/manifests/$1.yaml fresh=/etc/kubernetes/provision/$1.yaml.fresh
          grep -qxF "    provision.io/renewed: \\"$2\\"" "$manifest" && return 0
          has=
          grep -qx '  annotations:' "$manifest" && has=yes
          (umask 077 && has=$has stamp=$2 awk '
            BEGIN { line = "    provision.io/renewed: \\"" ENVIRON["stamp"] "\\"" }
            /^    provision\\.io\\/renewed: / { next }
            { print }
            ENVIRON["has"] && /^  annotations:$/ && !done { print line; done = 1 }
            !ENVIRON["has"] && /^metadata:$/ && !done { print "  annotations:"; print line; done = 1 }' \\
            <"$manifest" >"$fresh") || {
            echo "$fresh cannot be written" >&2
            return 1
          }
          grep -qxF "    provision.io/renewed: \\"$2\\"" "$fresh" || {
            rm -f -- "$fresh"
            echo "hint: move $manifest away and, when its pod has ended, back: it then reads the new certificates" >&2
            echo "$manifest is not as kubeadm writes it: it has no line 'metadata:'" >&2
            return 1
          }
          try sync "$fresh" && try mv -f -- "$fresh" "$manifest"\
          """);

  /**
   * {@code await_static_pod NODE NAME STAMP}: until the API says that the pod of that manifest is
   * ready. Five minutes, as {@code kubeadm upgrade} waits.
   */
  private static final ShellFunction AWAIT =
      new ShellFunction(
          "await_static_pod",
          """
          say "waiting for $2 to start again with its new certificates"
          left=150
          while [ "$left" -gt 0 ]; do
            said=$(admin_kubectl /usr/local/bin/kubectl /etc/kubernetes/admin.conf get pod -n kube-system "$2-$1" \\
              -o 'go-template={{index .metadata.annotations "provision.io/renewed"}} {{range .status.containerStatuses}}{{.ready}}{{end}}' \\
              2>/dev/null </dev/null | head -c 200)
            [ "$said" = "$3 true" ] && return 0
            left=$((left - 1))
            sleep 2
          done
          explain_control_plane >&2
          echo "$2 did not start again with its new certificates within five minutes" >&2
          return 1\
          """,
          List.of(Kubectl.ADMIN, KubeadmFailure.EXPLAIN));

  /**
   * {@code restart_control_plane NODE MARKER}: its static pods one after another, what the others
   * stand on first. The marker goes last.
   */
  private static final ShellFunction RESTART_CONTROL_PLANE =
      new ShellFunction(
          "restart_control_plane",
          """
          stamp=$(head -c 20 "$2")
          case $stamp in
            '' | *[!0-9]*)
              echo "$2 does not say since when certificates are renewed: delete it, and run this again" >&2
              return 1
              ;;
          esac
          for name in etcd kube-apiserver kube-controller-manager kube-scheduler; do
            [ -f "/etc/kubernetes/manifests/$name.yaml" ] || continue
            stamp_manifest "$name" "$stamp" && await_static_pod "$1" "$name" "$stamp" || return
          done
          try rm -f -- "$2"\
          """,
          List.of(STAMP, AWAIT));

  private static Map<String, String> names() {
    var names = new LinkedHashMap<String, String>();
    for (var name :
        List.of(
            "apiserver",
            "apiserver-etcd-client",
            "apiserver-kubelet-client",
            "front-proxy-client")) {
      names.put(Kubeadm.FOLDER + "/pki/" + name + ".crt", name);
    }
    for (var name : List.of("healthcheck-client", "peer", "server")) {
      names.put(Kubeadm.FOLDER + "/pki/etcd/" + name + ".crt", "etcd-" + name);
    }
    for (var name :
        List.of("admin.conf", "super-admin.conf", "controller-manager.conf", "scheduler.conf")) {
      names.put(Kubeadm.FOLDER + "/" + name, name);
    }
    return names;
  }

  @Override
  public List<Held> of(Host host) {
    var all = new ArrayList<Held>();
    if (Nodes.isServer(host)) {
      NAMES.keySet().forEach(path -> all.add(new Held(path, Renewal.APPLY)));
      for (var name : List.of("ca", "front-proxy-ca", "etcd/ca")) {
        all.add(new Held(Kubeadm.FOLDER + "/pki/" + name + ".crt", Renewal.NOBODY));
      }
    }
    all.add(new Held(LOGIN, Renewal.ITSELF));
    all.add(new Held("/var/lib/kubelet/pki/kubelet-server-current.pem", Renewal.ITSELF));
    all.add(new Held("/var/lib/kubelet/pki/kubelet.crt", Renewal.WHERE_DELETED));
    return List.copyOf(all);
  }

  /**
   * As kubeadm's guide has it
   * (https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/troubleshooting-kubeadm/#kubelet-client-cert).
   */
  @Override
  public Optional<Login> login(Host host) {
    return Optional.of(
        new Login(
            LOGIN,
            "on it, move /etc/kubernetes/kubelet.conf and %s away; write another kubelet.conf on a control plane that answers ('kubeadm kubeconfig user --config %s --org system:nodes --client-name system:node:%s'), bring it there, and 'systemctl restart kubelet'; or have the node join anew: 'provision remove', then 'provision apply'"
                .formatted(LOGIN, Kubeadm.INIT, host.name())));
  }

  @Override
  public Optional<String> marker() {
    return Optional.of(RENEWING);
  }

  @Override
  public String restarts(Host host) {
    return "static pods of the control plane";
  }

  @Override
  public List<Script> renewal(Host host, List<String> due) {
    var arguments = new ArrayList<>(List.of(Kubeadm.INIT, RENEWING));
    NAMES.forEach((path, name) -> {
      if (due.contains(path)) {
        arguments.add(name);
      }
    });
    var renew = Script.of(RENEW_CERTIFICATES, arguments.toArray(String[]::new)).within(RENEW);
    var restart = Script.of(RESTART_CONTROL_PLANE, host.name().value(), RENEWING).within(RESTART);
    return List.of(renew, restart);
  }

  /** Each static pod was waited for. */
  @Override
  public List<Script> untilUp(Host host) {
    return List.of();
  }
}
