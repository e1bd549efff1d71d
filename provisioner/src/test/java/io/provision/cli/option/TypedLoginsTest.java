package io.provision.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Secret;
import io.provision.model.SshConfigSource;
import io.provision.model.SshSettings;
import io.provision.section.Areas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TypedLoginsTest {
  private static final String ALL =
      """
      ssh:
        user: admin
        port: 2222
        key: /home/op/key
        passphrase: "${env:P}"
        password: "${env:OLD}"
        jump: b.example.org
        host_keys: accept-new
        known_hosts: /home/op/known
        config: %s
        timeout: 7s
        become: { method: doas, password: "${env:ROOT}" }
        transport: jsch
      hosts:
        a: { address: 10.0.0.1 }
      """;

  @TempDir Path directory;

  private Inventory inventory() throws Exception {
    var config = Files.writeString(directory.resolve("config"), "");
    var home = new Surroundings(Map.of("P", "p", "OLD", "o", "ROOT", "r"), Path.of("/home/op"));
    return new InventoryLoader(home, Areas.NONE)
        .load(Path.of("/i.yml"), ALL.formatted(config).getBytes(StandardCharsets.UTF_8))
        .inventory();
  }

  private static SshSettings ssh(Inventory inventory) {
    return inventory.hosts().stream()
        .filter(it -> it.name().equals(new HostName("a")))
        .findFirst()
        .orElseThrow()
        .ssh();
  }

  private static String revealed(Optional<Secret> secret) {
    return new String(secret.orElseThrow().reveal(), StandardCharsets.UTF_8);
  }

  private static TypedLogins typed(Optional<Secret> password, Optional<Secret> becoming) {
    return new TypedLogins(
        password, becoming, Optional.of(new SshConfigSource.Vagrant(Path.of("/vagrant"))));
  }

  @Test
  void howHostsAreReachedIsTypedForThoseOfWhichTheInventoryDoesNotSay() throws Exception {
    var typed = typed(Optional.empty(), Optional.empty());
    assertThat(ssh(typed.into(inventory())).config())
        .contains(new SshConfigSource.File(directory.resolve("config")));
    var plain =
        new InventoryLoader(new Surroundings(Map.of(), Path.of("/home/op")), Areas.NONE)
            .load(Path.of("/i.yml"), "hosts:\n  a:\n".getBytes(StandardCharsets.UTF_8))
            .inventory();
    assertThat(ssh(typed.into(plain)).config())
        .contains(new SshConfigSource.Vagrant(Path.of("/vagrant")));
    assertThat(ssh(plain).config()).isEmpty();
  }

  @Test
  void whatIsTypedGoesBeforeTheInventoryAndTheRestStays() throws Exception {
    var typed = typed(Optional.of(Secret.of("x")), Optional.of(Secret.of("y")));
    var ssh = ssh(typed.into(inventory()));
    assertThat(revealed(ssh.password())).isEqualTo("x");
    assertThat(revealed(ssh.become().password())).isEqualTo("y");
    var components = SshSettings.class.getRecordComponents();
    assertThat(components).hasSizeGreaterThan(10);
    for (var component : components) {
      var was = component.getAccessor().invoke(ssh(inventory()));
      switch (component.getName()) {
        case "password", "become" -> {}
        default ->
            assertThat(component.getAccessor().invoke(ssh))
                .as(component.getName())
                .hasToString(was.toString())
                .isNotEqualTo(component.getAccessor().invoke(SshSettings.DEFAULTS));
      }
    }
    assertThat(ssh.become().method()).isEqualTo(ssh(inventory()).become().method());
  }

  @Test
  void whatIsNotTypedIsTheInventorys() throws Exception {
    var ssh = ssh(typed(Optional.empty(), Optional.of(Secret.of("y"))).into(inventory()));
    assertThat(revealed(ssh.password())).isEqualTo("o");
    assertThat(revealed(ssh.become().password())).isEqualTo("y");
  }
}
