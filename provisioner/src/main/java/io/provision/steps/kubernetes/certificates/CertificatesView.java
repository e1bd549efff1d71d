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
import java.util.Optional;
import java.util.Set;

/** When which certificate of which node ends, and who renews it. */
public final class CertificatesView implements ExpiryView {
  private static final String TITLE = "certificates";
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
    return rows.isEmpty()
        ? List.of()
        : List.of(
            new Rows(TITLE, List.of("host", "certificate", "ends", "left", "renewed by"), rows));
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
  public List<String> ending(Inventory inventory, Seen seen, Duration within) {
    var ending = new ArrayList<String>();
    for (var node : Nodes.all(inventory)) {
      var look = look(node, seen);
      if (look.isPresent()) {
        for (var held : held(node, inventory)) {
          ending(held, look.get(), within)
              .ifPresent(says -> ending.add("%s: %s %s".formatted(node, held.path(), says)));
        }
      }
    }
    return List.copyOf(ending);
  }

  private static Optional<String> ending(
      NodeCertificates.Held held, SeenCertificates look, Duration within) {
    if (look.unread().contains(held.path())) {
      return Optional.of("has no certificate that can be read");
    }
    var certificate = look.certificates().get(held.path());
    if (certificate == null || certificate.until().isAfter(look.now().plus(within))) {
      return Optional.empty();
    }
    return Optional.of(
        certificate.hasEnded(look.now())
            ? "ended on " + certificate.day()
            : "ends on %s, in %s".formatted(certificate.day(), left(certificate, look.now())));
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
      case NOBODY -> "nobody";
    };
  }
}
