package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Become;
import io.provision.model.Position;
import io.provision.model.Secret;
import io.provision.model.SshSettings;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TaskGraphTest {
  /** Steps ask which of the inventory's hosts theirs is: by equality, and by its place. */
  @Test
  void aHostOfAPlayIsThatOfTheInventoryAlsoWhenALoginWasTypedSinceThePlayWasRead() {
    var read = TestInventory.of(List.of(TestInventory.host("a"), TestInventory.host("b")));
    var typed = read.withEach(host -> host.withSsh(typed(host.ssh())));
    assertThat(typed.hosts()).doesNotContainAnyElementsOf(read.hosts());
    var targets = new ArrayList<Target.OnHost>();
    var at = new Position("book.yml", 1, 1);
    var items =
        List.<Item<Target.OnHost>>of(new Item<>(new StepRef("asks", 0, at), new Asks(targets)));
    var book = new Playbook(List.of(new Play.OnHosts("all", read.hosts(), 0, items)));
    var options = TestRuns.OPTIONS;

    var _ = TaskGraph.of(book, typed, options);

    assertThat(targets.stream().map(Target.OnHost::host).distinct())
        .containsExactlyElementsOf(typed.hosts());
    assertThat(targets)
        .allSatisfy(target -> assertThat(target.inventory().hosts()).contains(target.host()));
  }

  private static SshSettings typed(SshSettings ssh) {
    return new SshSettings(
        ssh.user(),
        ssh.port(),
        ssh.keys(),
        ssh.passphrase(),
        Optional.of(Secret.of("typed")),
        ssh.jump(),
        ssh.hostKeys(),
        ssh.knownHosts(),
        ssh.config(),
        ssh.timeout(),
        new Become(ssh.become().method(), Optional.of(Secret.of("typed"))),
        ssh.transport());
  }

  /** Keeps the targets that it is asked about. */
  private record Asks(List<Target.OnHost> targets) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      targets.add(target);
      return Probes.NONE;
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return new Check.InSync();
    }
  }
}
