package io.provision.steps.k3s;

import io.provision.model.Host;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.unit.UnitFailure;
import io.provision.steps.kubernetes.NodeCertificates;
import io.provision.steps.kubernetes.NodeUnit;
import io.provision.steps.kubernetes.Nodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * k3s renews what ends within 90 days, since 1.34 within 120, whenever it starts, and an agent has
 * its own made anew at each start (docs.k3s.io/cli/certificate; pkg/daemons/control/deps,
 * pkg/agent/config). So a restart is all that is needed, and pods run on. The names of the files:
 * pkg/util/services.
 */
record K3sCertificates() implements NodeCertificates {
  private static final String DATA = "/var/lib/rancher/k3s/";
  private static final Duration RENEW = Duration.ofMinutes(10);

  private static final List<String> OF_SERVERS =
      List.of(
          "client-admin.crt",
          "client-auth-proxy.crt",
          "client-controller.crt",
          "client-k3s-cloud-controller.crt",
          "client-k3s-controller.crt",
          "client-kube-apiserver.crt",
          "client-kube-proxy.crt",
          "client-scheduler.crt",
          "client-supervisor.crt",
          "serving-kube-apiserver.crt",
          "kube-controller-manager/kube-controller-manager.crt",
          "kube-scheduler/kube-scheduler.crt",
          "etcd/client.crt",
          "etcd/peer-server-client.crt",
          "etcd/server-client.crt");

  private static final List<String> OF_NODES =
      List.of(
          "client-k3s-controller.crt",
          "client-kube-proxy.crt",
          "client-kubelet.crt",
          "serving-kubelet.crt");

  private static final List<String> AUTHORITIES =
      List.of(
          "client-ca.crt",
          "request-header-ca.crt",
          "server-ca.crt",
          "etcd/peer-ca.crt",
          "etcd/server-ca.crt");

  /** {@code renew_by_restart UNIT PATH...}: until each of the files is another one than before. */
  private static final ShellFunction RENEW_BY_RESTART =
      new ShellFunction(
          "renew_by_restart",
          """
          unit=$1
          shift
          had=$(sha256sum -- "$@" 2>/dev/null)
          start_node "$unit" || return
          say "waiting for $unit to renew its certificates"
          rest=300 wait_began=$(date +%s)
          while [ "$rest" -gt 0 ]; do
            has=$(sha256sum -- "$@" 2>/dev/null)
            printf '%s\\n' "$has" | grep -qxF -e "$had" || return 0
            unit_has_failed "$unit" && break
            rest=$((rest - 1))
            sleep 1
          done
          explain_k3s "$unit" >&2
          echo "hint: 'k3s certificate check' on it says which; 'k3s certificate rotate' makes all anew while $unit is stopped" >&2
          echo "$unit was started again, and did not renew all of its certificates" >&2
          return 1\
          """,
          List.of(NodeUnit.START, UnitFailure.HAS_FAILED, K3sFailure.EXPLAIN));

  @Override
  public List<Held> of(Host host) {
    var all = new ArrayList<Held>();
    var tls = DATA + "server/tls/";
    if (Nodes.isServer(host)) {
      OF_SERVERS.forEach(name -> all.add(new Held(tls + name, Renewal.APPLY)));
      // Looked at by k3s each day.
      all.add(new Held(tls + "dynamic-cert.json", Renewal.ITSELF));
      AUTHORITIES.forEach(name -> all.add(new Held(tls + name, Renewal.NOBODY)));
    }
    OF_NODES.forEach(name -> all.add(new Held(DATA + "agent/" + name, Renewal.APPLY)));
    return List.copyOf(all);
  }

  @Override
  public Optional<Login> login(Host host) {
    return Optional.empty();
  }

  @Override
  public Optional<String> marker() {
    return Optional.empty();
  }

  @Override
  public String restarts(Host host) {
    return "unit " + K3s.unit(host);
  }

  @Override
  public List<Script> renewal(Host host, List<String> due) {
    var arguments = Stream.concat(Stream.of(K3s.unit(host)), due.stream());
    return List.of(Script.of(RENEW_BY_RESTART, arguments.toArray(String[]::new)).within(RENEW));
  }

  /** Its unit says that it is up once etcd, the API and the kubelet are (sd_notify). */
  @Override
  public List<Script> untilUp(Host host) {
    return List.of(K3sScripts.awaited(host));
  }
}
