package io.provision.steps.kubeadm;

import io.provision.model.NodeAddress;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.ServerCredentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code kubeadm-certificate}: the API server's certificate has every name that the inventory has
 * for it, also those that came after the cluster did: an endpoint, a virtual address. The API
 * server reads a new one by itself (k8s.io/apiserver, dynamic_serving_content.go), so that nothing
 * is restarted. A name too many is left until the certificate is made anew.
 */
public record KubeadmCertificate() implements Step<Target.OnHost> {
  private static final Duration RENEW = Duration.ofMinutes(3);

  /** For root alone, and there only while a certificate is made. */
  private static final String FRESH = Kubeadm.OURS + "/fresh";

  /**
   * {@code renew_serving_certificate FILE FOLDER}: as FILE says, made in FOLDER by copies of the
   * authority. The key goes first: what the certificate is asked for is its names, and a run that
   * was killed between both makes both again.
   */
  static final ShellFunction RENEW_CERTIFICATE =
      new ShellFunction(
          "renew_serving_certificate",
          """
          pki=/etc/kubernetes/pki
          [ -s "$pki/ca.key" ] || {
            echo "hint: make it where that key is kept, with the names that the plan shows, and put it into $pki" >&2
            echo "$pki/ca.key is not there: no certificate can be made on this host" >&2
            return 1
          }
          rm -rf -- "$2"
          (umask 077 && try mkdir -p -- "$2") || return
          make_serving_certificate "$1" "$2" "$pki"
          status=$?
          rm -rf -- "$2"
          return "$status"\
          """,
          List.of(
              new ShellFunction(
                  "make_serving_certificate",
                  """
                  try cp -- "$3/ca.crt" "$3/ca.key" "$2/" || return
                  awk -v folder="$2" '{ print } /^kind: ClusterConfiguration$/ { print "certificatesDir: " folder }' \\
                    <"$1" >"$2/init.yaml" || {
                    echo "$2/init.yaml cannot be written" >&2
                    return 1
                  }
                  run_kubeadm "${2%/*}/kubeadm.log" init phase certs apiserver --config "$2/init.yaml" || return
                  [ -s "$2/apiserver.key" ] && [ -s "$2/apiserver.crt" ] || {
                    echo "kubeadm made no certificate, and did not say why" >&2
                    return 1
                  }
                  try mv -f -- "$2/apiserver.key" "$3/apiserver.key" &&
                    try mv -f -- "$2/apiserver.crt" "$3/apiserver.crt"\
                  """,
                  List.of(KubeadmRun.RUN))));

  /**
   * {@code keep_configuration FILE}: the cluster keeps what its next control planes are made with.
   */
  static final ShellFunction KEEP =
      new ShellFunction(
          "keep_configuration",
          """
          run_kubeadm "${1%/*}/kubeadm.log" init phase upload-config kubeadm --config "$1"\
          """,
          List.of(KubeadmRun.RUN));

  @Override
  public Probes probes(Target.OnHost target) {
    return Nodes.isServer(target.host()) ? Probes.of(KubeadmCredentials.QUESTION) : Probes.NONE;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var self = List.of(target.host());
    return Nodes.isServer(target.host())
        ? Set.of(Need.all(Nodes.ADDRESS, self), Need.all(Nodes.SERVER_UP, self))
        : Set.of();
  }

  /** Only here: before, the certificate may not have the names yet that a kubeconfig goes by. */
  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Nodes.isServer(target.host()) ? Set.of(Nodes.CREDENTIALS) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!Nodes.isServer(target.host())) {
      return new Check.Skipped("it is a worker");
    }
    var credentials = seen.of(KubeadmCredentials.QUESTION);
    var names = credentials.map(ServerCredentials::names).orElse(Set.of());
    if (credentials.isEmpty() || names.isEmpty()) {
      return new Check.Refused(
          "the certificate of its API server cannot be read: %s/pki/apiserver.crt"
              .formatted(Kubeadm.FOLDER),
          "look at what lies there; 'kubeadm init phase certs apiserver' makes one where there is none");
    }
    var missing = missing(KubeadmFiles.of(target, known).names(), names);
    return missing.isEmpty()
        ? new Check.InSync(Observed.of(Nodes.CREDENTIALS, credentials.get()))
        : renewal(target, missing);
  }

  private static List<String> missing(List<String> wanted, Set<String> names) {
    var has = new LinkedHashSet<String>();
    names.forEach(name -> has.add(written(name)));
    return wanted.stream().filter(name -> !has.contains(written(name))).distinct().toList();
  }

  /** An address has more than one way to be written. */
  private static String written(String name) {
    try {
      return NodeAddress.parse(name).toString();
    } catch (IllegalArgumentException _) {
      return name;
    }
  }

  private static Check renewal(Target.OnHost target, List<String> missing) {
    var scripts = new ArrayList<Script>();
    if (Nodes.servers(target.inventory()).getFirst().equals(target.host())) {
      scripts.add(Script.of(KEEP, Kubeadm.INIT).within(RENEW));
    }
    scripts.add(Script.of(RENEW_CERTIFICATE, Kubeadm.INIT, FRESH).within(RENEW));
    return new Check.Drift(
        List.of(
            Change.of(
                Change.Action.UPDATE,
                "certificate of the API server",
                "",
                "also for " + String.join(", ", missing))),
        new Repair.OnHost(scripts, false));
  }
}
