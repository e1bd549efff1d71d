package io.provision.steps.kubernetes;

import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.resource.FileTransfer;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Target;
import java.util.Optional;
import java.util.stream.Stream;

/** How a server's API is reached, by what is seen on it. */
public final class ServerAccess {
  private ServerAccess() {}

  /**
   * The endpoint is any server's; then the addresses of this one. A virtual address is there only
   * once the cluster carries it, which it is told through this very access: so it comes last.
   */
  public static ClusterAccess of(
      Target.OnHost target,
      Known known,
      Distribution distribution,
      Optional<ServerCredentials> credentials) {
    var host = target.host();
    var endpoint = target.cluster().endpoint();
    var carried = target.cluster().virtualIp().map(Object::toString);
    var servers =
        Stream.of(
                carried.isPresent() && carried.equals(endpoint)
                    ? Optional.<String>empty()
                    : endpoint,
                Optional.ofNullable(known.all(Nodes.ADDRESS).get(host.name()))
                    .map(Object::toString),
                Optional.of(host.address().value()),
                carried)
            .flatMap(Optional::stream)
            .map(ApiServer::url)
            .distinct()
            .toList();
    var kubeconfig =
        new Handoff.Kept(
            host.name(), Call.of(FileTransfer.READ, distribution.kubectl().kubeconfig()));
    var identity =
        credentials.map(it -> new ClusterAccess.Identity(it.authority(), it.clientCertificate()));
    return new ClusterAccess(servers, kubeconfig, identity);
  }
}
