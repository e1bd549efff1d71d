package io.provision.steps.kubernetes;

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
public final class AgentServerUrl {
  private AgentServerUrl() {}

  /** Whether one server has to be chosen among several. */
  public static boolean isChosen(Target.OnHost target) {
    return !Nodes.isServer(target.host()) && target.cluster().endpoint().isEmpty();
  }

  /**
   * @param named what the configuration that is there names
   * @return empty where no server has a known address
   */
  public static Optional<String> url(Target.OnHost target, Known known, Optional<String> named) {
    return target
        .cluster()
        .endpoint()
        .map(ApiServer::url)
        .or(() -> named.filter(url -> mayBeServer(url, target, known)))
        .or(() -> chosen(target, known).map(address -> ApiServer.url(address.toString())));
  }

  /** One that answers; where none does yet, the first. */
  private static Optional<NodeAddress> chosen(Target.OnHost target, Known known) {
    return ClusterInit.joinServer(target, known)
        .flatMap(server -> address(server, known))
        .or(() ->
            Nodes.servers(target.inventory()).stream()
                .flatMap(server -> address(server, known).stream())
                .findFirst());
  }

  /** A server whose address nobody could be asked for may be the one. */
  private static boolean mayBeServer(String url, Target.OnHost target, Known known) {
    return Nodes.servers(target.inventory()).stream()
        .anyMatch(server ->
            address(server, known).isEmpty()
                || names(server, known).map(ApiServer::url).anyMatch(url::equals));
  }

  private static Stream<String> names(Host server, Known known) {
    return Stream.concat(
        Stream.of(server.address().value(), server.name().value()),
        address(server, known).map(NodeAddress::toString).stream());
  }

  /** Given, or seen; empty where it was not seen. */
  public static Optional<NodeAddress> address(Host server, Known known) {
    return server
        .nodeAddress()
        .or(() -> Optional.ofNullable(known.all(Nodes.ADDRESS).get(server.name())));
  }
}
