package io.provision.steps.gluster.leave;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.gluster.pool.GlusterLook;
import io.provision.steps.os.HostsFile;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code gluster-names}: a host that has left the inventory keeps its line in our block of
 * /etc/hosts as long as the pool has it: without its name its bricks would be out of reach.
 */
public record GlusterNames() implements Step<Target.OnHost> {

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var storage = GlusterTrace.storage(target.inventory());
    return storage.isEmpty() ? Set.of() : Set.of(Need.some(GlusterDepartures.MEMBERS, storage));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return HostsFile.block().and(Probes.of(GlusterLook.PEERS));
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var members = known.all(GlusterDepartures.MEMBERS).values().stream().findFirst();
    if (members.isEmpty()) {
      return new Check.InSync(); // nobody knows who is in the pool
    }
    var names = members.get().names();
    // whoever is in that pool was looked at before a host was detached from it
    var isInIt = names.contains(target.host().name().value());
    var gone =
        HostsFile.strangers(target.inventory(), seen).stream()
            .filter(line -> !names.contains(HostsFile.name(line)))
            .filter(line -> isInIt || !isPeer(HostsFile.name(line), seen))
            .collect(Collectors.toUnmodifiableSet());
    return gone.isEmpty() ? new Check.InSync() : HostsFile.without(gone, seen);
  }

  /** In the pool of a host that is in another one: its hosts may have lost the role. */
  private static boolean isPeer(String name, Observations seen) {
    return seen.of(GlusterLook.PEERS).value().stream()
        .flatMap(pool -> pool.peers().stream())
        .anyMatch(peer -> peer.names().contains(name));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE);
  }
}
