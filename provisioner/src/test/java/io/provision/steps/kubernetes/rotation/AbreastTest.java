package io.provision.steps.kubernetes.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.Company;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.model.rotation.Rotation;
import io.provision.step.Absence;
import io.provision.step.Absences;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Who may be away with whom, and who comes before whom. */
final class AbreastTest {
  private static final Absences STORAGE = new Absences(List.of(new OfStorage()));

  /** An area that wants all others where a host has the role storage. */
  private record OfStorage() implements Absence {
    @Override
    public boolean wantsAllOthers(Target.OnHost target) {
      return target.host().is(Role.STORAGE);
    }

    @Override
    public List<Repair.AwaitHosts> beforeItGoes(Target.OnHost target, Duration patience) {
      return List.of();
    }

    @Override
    public List<Repair> asItGoes(Target.OnHost target) {
      return List.of();
    }

    @Override
    public List<Repair> onceItStays(Target.OnHost target) {
      return List.of();
    }

    @Override
    public List<Repair.AwaitHosts> onceItIsBack(Target.OnHost target, Duration patience) {
      return List.of();
    }
  }

  private static Host storage(int number) {
    return Cases.host("s" + number, 50 + number, Set.of(Role.WORKER, Role.STORAGE), Map.of());
  }

  private static Inventory inventory(int most, Host... hosts) {
    return Cases.inventory(hosts).with(Rotation.PLAIN.abreast(most));
  }

  private static Abreast of(Host host, Inventory inventory) {
    return Abreast.of(Cases.on(host, inventory), STORAGE);
  }

  private static List<String> names(List<Host> hosts) {
    return hosts.stream().map(it -> it.name().value()).toList();
  }

  private final Inventory two =
      inventory(
          2,
          Cases.server(1),
          Cases.agent(1),
          storage(1),
          Cases.agent(2),
          Cases.agent(3),
          storage(2),
          Cases.agent(4));

  @Test
  void controlPlanesAndWhoHoldsDataGoAlone() {
    for (var host : List.of(Cases.server(1), storage(1), storage(2))) {
      assertThat(of(host, two).company()).isEqualTo(Company.NONE);
      assertThat(of(host, two).rightBefore()).isEmpty();
    }
    assertThat(of(Cases.agent(2), two).company())
        .isEqualTo(new Company(List.of("w1", "w3", "w4"), 2));
  }

  @Test
  void thoseThatGoAloneComeFirstAndTheOthersWaitForTheLastOfThem() {
    assertThat(names(of(storage(1), two).ahead())).isEmpty();
    assertThat(names(of(storage(2), two).ahead())).containsExactly("s1");
    assertThat(names(of(Cases.agent(1), two).ahead())).containsExactly("s2");
    assertThat(names(of(Cases.agent(2), two).ahead())).containsExactly("s2");
    assertThat(names(of(Cases.agent(3), two).ahead())).containsExactly("w1");
    assertThat(names(of(Cases.agent(4), two).ahead())).containsExactly("w1", "w2");
    assertThat(names(of(Cases.agent(4), two).rightBefore())).containsExactly("w3");
    assertThat(names(of(Cases.agent(1), two).rightBefore())).isEmpty();
  }

  @Test
  void whereTheInventorySaysNothingTheyGoOneByOneInItsOrder() {
    var one = Cases.inventory(Cases.agent(1), storage(1), Cases.agent(2));
    assertThat(of(Cases.agent(2), one).company()).isEqualTo(Company.NONE);
    assertThat(names(of(Cases.agent(2), one).ahead())).containsExactly("s1");
    assertThat(names(of(storage(1), one).ahead())).containsExactly("w1");
    assertThat(names(of(Cases.agent(1), one).ahead())).isEmpty();
  }

  /** In whichever order they come back: those away are this one and ones right before it. */
  @Property
  void noMoreThanSoManyAreEverAwayAndOnlyOnesBesideEachOther(
      @ForAll @IntRange(min = 2, max = 5) int most,
      @ForAll @IntRange(min = 1, max = 12) int agents,
      @ForAll java.util.Random random) {
    var hosts =
        Stream.concat(
                Stream.of(storage(1)), IntStream.rangeClosed(1, agents).mapToObj(Cases::agent))
            .toArray(Host[]::new);
    var all = inventory(most, hosts);
    var done = new HashSet<Host>();
    var away = new ArrayList<Host>();
    while (done.size() < hosts.length) {
      for (var host : hosts) {
        if (!done.contains(host)
            && !away.contains(host)
            && done.containsAll(of(host, all).ahead())) {
          assertThat(of(host, all).rightBefore()).containsAll(away);
          away.add(host);
        }
      }
      assertThat(away).as("somebody can go").isNotEmpty().hasSizeLessThanOrEqualTo(most);
      assertThat(away.contains(storage(1)) && away.size() > 1).isFalse();
      done.add(away.remove(random.nextInt(away.size())));
    }
  }
}
