package io.provision.steps.kubernetes.certificates;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.step.ExpiryView;
import io.provision.step.Output;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.NodeCertificates;
import io.provision.steps.kubernetes.NodeCertificates.Renewal;
import io.provision.steps.kubernetes.Nodes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * When which certificate of which node ends, and who renews it; and which were asked for and wait
 * for somebody who approves them.
 */
public final class CertificatesView implements ExpiryView {
  private static final String TITLE = "certificates";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Distributions distributions;

  public CertificatesView(Distributions distributions) {
    this.distributions = distributions;
  }

  /** Nobody where no Kubernetes runs. */
  @Override
  public List<Ask> asks(Inventory inventory, Set<Output<?>> provided) {
    var isBuilt =
        inventory
            .cluster()
            .filter(cluster -> distributions.all().containsKey(cluster.distribution()))
            .isPresent();
    var nodes = isBuilt ? Nodes.all(inventory) : List.<Host>of();
    return nodes.isEmpty()
        ? List.of()
        : List.of(new Ask.OnHosts(TITLE, nodes, TITLE, new CertificatesLook(distributions)));
  }

  @Override
  public List<Rows> tables(Inventory inventory, Seen seen) {
    var rows = new ArrayList<List<String>>();
    for (var node : Nodes.all(inventory)) {
      var look = look(node, seen);
      if (look.isPresent()) {
        held(node, inventory).forEach(held -> row(node, held, look.get()).ifPresent(rows::add));
      }
    }
    var tables = new ArrayList<Rows>();
    if (!rows.isEmpty()) {
      tables.add(
          new Rows(TITLE, List.of("host", "certificate", "ends", "left", "renewed by"), rows));
    }
    var requests =
        requests(inventory, seen).stream()
            .map(it -> List.of(it.name(), it.of(), it.signer(), it.since().toString()))
            .toList();
    if (!requests.isEmpty()) {
      tables.add(
          new Rows(
              "requests that nobody approved", List.of("request", "of", "for", "since"), requests));
    }
    return List.copyOf(tables);
  }

  /** As the first server says that answers. */
  private static List<PendingRequests.Request> requests(Inventory inventory, Seen seen) {
    return Nodes.servers(inventory).stream()
        .map(server -> seen.hosts().get(server.name()))
        .filter(Objects::nonNull)
        .map(observed -> observed.values().get(CertificatesLook.PENDING))
        .filter(PendingRequests.class::isInstance)
        .map(PendingRequests.class::cast)
        .filter(PendingRequests::answered)
        .findFirst()
        .map(PendingRequests::requests)
        .orElse(List.of());
  }

  /** What the cluster approves by itself it approves within seconds. */
  private static List<Ending> waiting(Inventory inventory, Seen seen) {
    var now =
        Nodes.servers(inventory).stream()
            .flatMap(server -> look(server, seen).stream())
            .filter(SeenCertificates::isAnswered)
            .map(SeenCertificates::now)
            .findFirst();
    return requests(inventory, seen).stream()
        .filter(it -> now.isPresent() && it.since().isBefore(now.get().minus(PATIENCE)))
        .map(it ->
            new Ending(
                it.of(),
                "has waited since %s for somebody to approve its certificate (%s): 'kubectl describe csr %s', then 'kubectl certificate approve %3$s' where it is right"
                    .formatted(it.since(), it.signer(), it.name()),
                false))
        .toList();
  }

  private static Optional<List<String>> row(
      Host node, NodeCertificates.Held held, SeenCertificates look) {
    var name = node.name().value();
    if (look.unread().contains(held.path())) {
      return Optional.of(List.of(name, held.path(), "cannot be read", "", by(held.renewal())));
    }
    return Optional.ofNullable(look.certificates().get(held.path()))
        .map(it ->
            List.of(
                name, held.path(), it.day().toString(), left(it, look.now()), by(held.renewal())));
  }

  @Override
  public List<Ending> ending(Inventory inventory, Seen seen, Duration within) {
    var ending = new ArrayList<Ending>();
    for (var node : Nodes.all(inventory)) {
      var look = look(node, seen);
      if (look.isPresent()) {
        for (var held : held(node, inventory)) {
          ending(node, held, look.get(), within).ifPresent(ending::add);
        }
      }
    }
    ending.addAll(waiting(inventory, seen));
    return List.copyOf(ending);
  }

  private static Optional<Ending> ending(
      Host node, NodeCertificates.Held held, SeenCertificates look, Duration within) {
    var name = node.name().value();
    if (look.unread().contains(held.path())) {
      return Optional.of(
          new Ending(name, held.path() + " has no certificate that can be read", false));
    }
    var certificate = look.certificates().get(held.path());
    if (held.renewal() == Renewal.WHERE_DELETED) {
      return Optional.empty(); // who asks a kubelet that signed for itself looks at no date either
    }
    if (certificate == null || certificate.until().isAfter(look.now().plus(within))) {
      return Optional.empty();
    }
    var over = certificate.hasEnded(look.now());
    var says =
        over
            ? "ended on " + certificate.day()
            : "ends on %s, in %s".formatted(certificate.day(), left(certificate, look.now()));
    return Optional.of(new Ending(name, held.path() + " " + says, over));
  }

  private List<NodeCertificates.Held> held(Host node, Inventory inventory) {
    return distributions.of(new Target.OnHost(node, inventory)).certificates().of(node);
  }

  private static Optional<SeenCertificates> look(Host node, Seen seen) {
    return Optional.ofNullable(seen.hosts().get(node.name()))
        .map(observed -> observed.values().get(CertificatesLook.SEEN))
        .map(SeenCertificates.class::cast);
  }

  private static String left(HeldCertificate certificate, Instant now) {
    if (certificate.hasEnded(now)) {
      return "ended";
    }
    var left = Duration.between(now, certificate.until());
    return left.toDays() == 0 ? left.toHours() + " h" : left.toDays() + " d";
  }

  private static String by(Renewal renewal) {
    return switch (renewal) {
      case APPLY -> "provision apply";
      case ITSELF -> "itself";
      case WHERE_DELETED -> "itself, once deleted";
      case NOBODY -> "nobody";
    };
  }
}
