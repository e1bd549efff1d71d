package io.provision.steps.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.load.yaml.InputProblem;
import io.provision.load.yaml.InputRefused;
import io.provision.model.power.Power;
import io.provision.steps.Catalog;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PowerSectionTest {
  private static InventoryLoader.Loaded load(String power) {
    var text = "hosts:\n  n1:\n    address: 10.0.0.1\n    power: %s\n".formatted(power);
    return new InventoryLoader(
            new Surroundings(Map.of("BMC", "x"), Path.of("/home/someone")), Catalog.areas())
        .load(Path.of("i.yml"), text.getBytes(StandardCharsets.UTF_8));
  }

  private static Power power(String text) {
    return Power.of(load(text).inventory().hosts().getFirst()).orElseThrow();
  }

  private static String refused(String text) {
    var refused = catchThrowableOfType(InputRefused.class, () -> load(text));
    assertThat(refused).as(text).isNotNull();
    return refused.problems().stream()
        .map(InputProblem::toString)
        .collect(Collectors.joining("\n"));
  }

  @Test
  void aHostWithoutItHasNone() {
    assertThat(Power.of(load("").inventory().hosts().getFirst())).isEmpty();
  }

  @Test
  void eachWayIsRead() {
    var ipmi =
        (Power.Ipmi)
            power("{ ipmi: 10.0.0.11, port: 6230, user: ADMIN, password: \"${env:BMC}\" }");
    assertThat(ipmi.address()).isEqualTo("10.0.0.11");
    assertThat(ipmi.port()).isEqualTo(OptionalInt.of(6230));
    assertThat(new String(ipmi.login().password().reveal(), StandardCharsets.UTF_8)).isEqualTo("x");
    assertThat(ipmi.toString()).doesNotContain("x)");
    var redfish =
        (Power.Redfish)
            power("{ redfish: https://10.0.0.12/, user: u, password: \"${env:BMC}\", system: 1 }");
    assertThat(redfish.service()).isEqualTo(URI.create("https://10.0.0.12"));
    assertThat(redfish.system()).isEqualTo(Optional.of("1"));
    assertThat(redfish.trust()).isEqualTo(new Power.Trust.Usual());
    assertThat(power("{ libvirt: \"qemu:///system\", domain: n3 }"))
        .isEqualTo(new Power.Libvirt("qemu:///system", "n3"));
    assertThat(power("{ off: [plug, off], on: [plug, on, 3], status: /opt/ask }"))
        .isEqualTo(
            new Power.Programs(
                List.of("plug", "off"), List.of("plug", "on", "3"), List.of("/opt/ask")));
  }

  private static List<String> ofTwo(String one, String other) {
    var text =
        "hosts:\n  n1: { address: 10.0.0.1, power: %s }\n  n2: { address: 10.0.0.2, power: %s }\n"
            .formatted(one, other);
    var loader =
        new InventoryLoader(
            new Surroundings(Map.of("BMC", "x"), Path.of("/home/someone")), Catalog.areas());
    try {
      var _ = loader.load(Path.of("i.yml"), text.getBytes(StandardCharsets.UTF_8));
      return List.of();
    } catch (InputRefused e) {
      return e.problems().stream().map(InputProblem::toString).toList();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ ipmi: Bmc1, user: u, password: p }|{ ipmi: bmc1, port: 623, user: v, password: q }",
        "{ redfish: https://b/, user: u, password: p }|{ redfish: https://B:443, user: u, password:"
            + " p }",
        "{ redfish: https://b, system: 1, user: u, password: p }|{ redfish: https://b, system: 1,"
            + " user: u, password: p }",
        "{ libvirt: 'qemu:///system', domain: a }|{ libvirt: 'qemu:///system', domain: a }",
        "{ off: [p, 3], on: [p, a], status: [p, b] }|{ off: [p, 3], on: [p, c], status: [p, d] }",
        "{ off: [p, 3], on: [p, a], status: [p, b] }|{ off: [p, 4], on: [p, a], status: [p, d] }",
        "{ off: [p, 3], on: [p, a], status: [p, b] }|{ off: [p, 4], on: [p, c], status: [p, b] }"
      })
  void oneSwitchOfTwoHostsIsRefused(String one, String other) {
    assertThat(ofTwo(one, other))
        .singleElement()
        .asString()
        .contains("i.yml:3", "n1 and n2 have the same", "correct one of them");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ ipmi: a, user: u, password: p }|{ ipmi: a, port: 6230, user: u, password: p }",
        "{ redfish: https://b, system: 1, user: u, password: p }|{ redfish: https://b, system: 2,"
            + " user: u, password: p }",
        "{ libvirt: 'qemu:///system', domain: a }|{ libvirt: 'qemu+ssh://kvm2/system', domain: a }",
        "{ off: [p, 3], on: [p, 4], status: [p, 5] }|{ off: [p, 4], on: [p, 3], status: [p, 6] }"
      })
  void switchesOfTheirOwnAreNot(String one, String other) {
    assertThat(ofTwo(one, other)).isEmpty();
  }

  @Test
  void aFingerprintIsReadAsProgramsWriteIt() {
    var colons = "AB:".repeat(31) + "AB";
    var redfish =
        (Power.Redfish)
            power(
                "{ redfish: https://b, user: u, password: \"${env:BMC}\", fingerprint: \"%s\" }"
                    .formatted(colons));
    assertThat(redfish.trust()).isEqualTo(new Power.Trust.Pinned("ab".repeat(32)));
  }

  @Test
  void aPasswordInAUrlIsNotRepeated() {
    assertThat(refused("{ redfish: https://me:k4n4rienv0gel@a, user: u, password: p }"))
        .doesNotContain("k4n4rienv0gel");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|it does not say by what",
        "{ user: u }|it does not say by what",
        "{ on: [a], status: [b] }|it does not say by what",
        "{ ipmi: a, redfish: https://a, user: u, password: p }|there is 'ipmi' already",
        "{ ipmi: a, user: u }|'password' is missing beside 'ipmi'",
        "{ ipmi: -x, user: u, password: p }|name or address of a controller",
        "{ ipmi: a b, user: u, password: p }|name or address of a controller",
        "{ ipmi: a, user: -x, password: p }|user of a controller",
        "{ ipmi: a, user: u2345678901234567, password: p }|no users longer than 16",
        "{ ipmi: a, user: u, password: p, port: 70000 }|between 1 and 65535",
        "{ ipmi: a, user: u, password: p, system: 1 }|'system' means nothing beside 'ipmi'",
        "{ redfish: http://a, user: u, password: p }|nowhere without TLS",
        "{ redfish: a, user: u, password: p }|address of a controller",
        "{ redfish: https://a/redfish/v1, user: u, password: p }|(its systems it names",
        "{ redfish: https://me:pw@a, user: u, password: p }|does not belong into the address",
        "{ redfish: https://a, user: u, password: p, fingerprint: abc }|64 hexadecimal digits",
        "{ redfish: https://a, user: u, password: p, ca: /no/such }|there is no file /no/such",
        "{ redfish: https://a, user: u, password: p, system: a/b }|identifier of a system",
        "{ redfish: https://a, user: 'u:v', password: p }|user of a controller",
        "{ libvirt: qemu, domain: a }|connection of libvirt",
        "{ libvirt: 'qemu:///system' }|'domain' is missing",
        "{ libvirt: 'qemu:///system', domain: --all }|name of a virtual machine",
        "{ libvirt: 'qemu:///system', domain: a, password: p }|'password' means nothing",
        "{ off: [a], on: [b] }|'status' is missing beside 'off'",
        "{ off: plug off, on: [b], status: [c] }|no shell reads 'plug off'",
        "{ off: [./plug], on: [b], status: [c] }|depend on where you are",
        "{ off: [a, '${env:BMC}'], on: [b], status: [c] }|a reference would not be replaced here",
        "{ off: [], on: [b], status: [c] }|it names no program",
        "{ off: [a], on: [b], status: [c], domain: x }|'domain' means nothing beside 'off'",
        "{ offf: [a], on: [b], status: [c] }|unknown key 'offf'"
      })
  void whatNothingWouldCarryOutIsRefusedAtItsLine(String text, String why) {
    assertThat(refused(text)).contains("i.yml:4").contains(why);
  }
}
