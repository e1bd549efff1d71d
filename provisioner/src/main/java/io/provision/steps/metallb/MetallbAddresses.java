package io.provision.steps.metallb;

import io.provision.model.Host;
import io.provision.model.Role;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code metallb-addresses}: before MetalLB hands addresses out, one node asks its network whether
 * somebody has one of them already. One that is taken is a note: whoever has it may be about to
 * give it up. Changes nothing.
 */
public record MetallbAddresses() implements Step<Target.OnHost> {
  /** Requests that go out at once: a network is not to notice. */
  private static final int MOST = 256;

  /** How many are named. */
  private static final int MOST_NAMES = 5;

  @Override
  public Probes probes(Target.OnHost target) {
    return asks(target) ? Probes.of(question(target)) : Probes.NONE;
  }

  private static Question<TakenAddresses> question(Target.OnHost target) {
    var pools = target.cluster().sections().find(MetallbSettings.class).orElseThrow().addresses();
    return TakenAddresses.among(
        pools.stream()
            .map(AddressRange::parse)
            .flatMap(AddressRange::addresses)
            .limit(MOST)
            .map(Object::toString)
            .toList());
  }

  private static boolean asks(Target.OnHost target) {
    return MetallbManifest.isWanted(target)
        && asking(target).map(Host::name).equals(Optional.of(target.host().name()));
  }

  /** A node that no taint of the inventory keeps a speaker away from, which it would hear. */
  private static Optional<Host> asking(Target.OnHost target) {
    var inventory = target.inventory();
    var nodes =
        Stream.of(Role.CONTROL_PLANE, Role.WORKER)
            .flatMap(role -> inventory.with(role).stream())
            .toList();
    return nodes.stream()
        .filter(host -> host.taints().isEmpty())
        .findFirst()
        .or(() -> nodes.stream().findFirst());
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!MetallbManifest.isWanted(target)) {
      return new Check.Skipped(Metallb.NOT_WANTED);
    }
    if (!asks(target)) {
      return new Check.Skipped(
          asking(target).map(it -> it.name() + " asks for all nodes").orElse("there is no node"));
    }
    var taken = seen.of(question(target));
    if (!taken.isTold()) {
      return new Check.Skipped("its 'ip' cannot ask who has an address: iproute2 5.16 can");
    }
    return taken.owners().isEmpty()
        ? new Check.InSync()
        : new Check.InSync(Observed.noting(note(taken)));
  }

  private static String note(TakenAddresses taken) {
    var named =
        taken.owners().entrySet().stream()
            .sorted(java.util.Map.Entry.comparingByKey())
            .limit(MOST_NAMES)
            .map(each ->
                each.getKey()
                    + (each.getValue().isEmpty()
                        ? " (this host)"
                        : " (%s)".formatted(each.getValue())))
            .toList();
    var more = taken.owners().size() - named.size();
    return "of load_balancer.metallb.addresses somebody has %s%s already: a service that gets one of them would share it. Leave them out, or take them off who has them"
        .formatted(String.join(", ", named), more > 0 ? " and %d more".formatted(more) : "");
  }
}
