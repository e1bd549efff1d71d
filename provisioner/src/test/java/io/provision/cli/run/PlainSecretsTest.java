package io.provision.cli.run;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.model.Secret;
import io.provision.model.SshAddress;
import io.provision.model.SshSettings;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PlainSecretsTest {
  private static final Secret PLAIN = Secret.of("hunter2");
  private static final Secret REFERENCE = Secret.from("${env:PASSWORD}", () -> new byte[0]);

  @Test
  void aSecretInAHostsFreeDataIsRefusedUnlessItIsAReference() throws Exception {
    PlainSecrets.refuse(
        inventory(Map.of("login", List.of(REFERENCE))), playbook(REFERENCE), "a plan");
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() ->
            PlainSecrets.refuse(
                inventory(Map.of("login", List.of(PLAIN))), playbook(REFERENCE), "a plan"));
  }

  @Test
  void aSecretInAPlaybookIsRefusedUnlessItIsAReference() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> PlainSecrets.refuse(inventory(Map.of()), playbook(PLAIN), "a plan"));
  }

  private static Inventory inventory(Map<String, Object> data) {
    var host =
        new Host(
            new HostName("a"),
            new SshAddress("a"),
            Optional.empty(),
            Set.of(),
            Map.of(),
            List.of(),
            SshSettings.DEFAULTS,
            data,
            new Position("inventory.yml", 1, 1));
    return new Inventory(
        Optional.empty(),
        List.of(host),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Path.of("inventory.yml"));
  }

  private static Playbook playbook(Secret secret) {
    var ref = new StepRef("file", 0, new Position("book.yml", 1, 1));
    var step = new Keeper(Optional.of(secret));
    return new Playbook(
        List.of(new Play.OnHosts("all", List.of(), 0, List.of(new Item<>(ref, step)))));
  }

  /** A step with a secret among its parameters. */
  private record Keeper(Optional<Secret> secret) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.NONE;
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return new Check.InSync();
    }
  }
}
