package io.provision.steps.k3s;

import io.provision.model.Host;
import io.provision.model.NodeAddress;
import io.provision.step.Known;
import io.provision.step.Target;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * By which URL an agent reaches the servers: the endpoint where there is one, else the server that
 * its configuration names already. An agent learns of all servers by its first one and keeps to
 * those that answer (docs.k3s.io/architecture), so that another line brings nothing and costs a
 * restart.
 */
final class AgentServerUrl {
  private AgentServerUrl() {}

  /** Whether one server has to be chosen among several. */
  static boolean isChosen(Target.OnHost target) {
    return !K3s.isServer(target.host()) && target.cluster().endpoint().isEmpty();
  }

  /**
   * @param found the configuration that is there; may be empty
   * @return empty where no server has a known address
   */
  static Optional<String> url(Target.OnHost target, Known known, String found) {
    return target
        .cluster()
        .endpoint()
        .map(K3s::url)
        .or(() -> ConfigFile.read(found, "server").filter(url -> mayBeServer(url, target, known)))
        .or(() -> chosen(target, known).map(address -> K3s.url(address.toString())));
  }

  /** One that answers; where none does yet, the first. */
  private static Optional<NodeAddress> chosen(Target.OnHost target, Known known) {
    return ClusterInit.joinServer(target, known)
        .flatMap(server -> address(server, known))
        .or(() ->
            K3s.servers(target.inventory()).stream()
                .flatMap(server -> address(server, known).stream())
                .findFirst());
  }

  /** A server whose address nobody could be asked for may be the one. */
  private static boolean mayBeServer(String url, Target.OnHost target, Known known) {
    return K3s.servers(target.inventory()).stream()
        .anyMatch(server ->
            address(server, known).isEmpty()
                || names(server, known).map(K3s::url).anyMatch(url::equals));
  }

  private static Stream<String> names(Host server, Known known) {
    return Stream.concat(
        Stream.of(server.address().value(), server.name().value()),
        address(server, known).map(NodeAddress::toString).stream());
  }

  /** Given, or seen; empty where it was not seen. */
  static Optional<NodeAddress> address(Host server, Known known) {
    return server
        .nodeAddress()
        .or(() -> Optional.ofNullable(known.all(K3s.NODE_ADDRESS).get(server.name())));
  }
}
