package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One machine that has two addresses, and a name for each. */
class TwinHostsTest {
  private static final String BOOK =
      """
      - name: who it is
        hosts: all
        steps:
          - host-facts
          - file: { path: /etc/motd, content: "x" }
      """;

  @Test
  void oneMachineUnderTwoAddressesIsNamedAndMachinesOfOneImageAreNot() {
    try (var lab = Lab.of(2)) {
      lab.inventory("twin.yml", Map.of());
      lab.write("twin.yml", BOOK);
      var plain = lab.provision().json("plan", "inventory.yml").exits(0);
      assertThat(plain.events("note")).as("%s", plain).isEmpty();

      var second = Engine.SUBNET.replaceFirst("0/24$", "250");
      lab.node(1).sh("ip address add %s/24 dev eth0".formatted(second));
      var both = lab.inventory("twin.yml", Map.of("n2", "host_keys: accept-new"));
      lab.write("inventory.yml", read(both).replace(lab.node(2).address(), second));
      var plan = lab.provision().json("plan", "inventory.yml").exits(1);
      assertThat(plan.text()).contains("the same machine as n1", "the same machine as n2");
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
