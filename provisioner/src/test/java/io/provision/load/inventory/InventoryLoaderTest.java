package io.provision.load.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.load.bind.Surroundings;
import io.provision.load.yaml.InputProblem;
import io.provision.load.yaml.InputRefused;
import io.provision.model.Become;
import io.provision.model.Role;
import io.provision.model.Secret;
import io.provision.model.SshKey;
import io.provision.model.SshSettings;
import io.provision.steps.Catalog;
import io.provision.steps.gluster.declared.GlusterStorage;
import io.provision.steps.kubernetes.images.RegistriesSection;
import io.provision.steps.kubernetes.settings.KubeletSection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryLoaderTest {
  private final InventoryLoader loader =
      new InventoryLoader(new Surroundings(Map.of(), Path.of("/home/me")), Catalog.areas());

  private InventoryLoader.Loaded load(String yaml) {
    return loader.load(Path.of("/inventories/i.yml"), yaml.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> refusal(String yaml) {
    var refused = catchThrowableOfType(InputRefused.class, () -> load(yaml));
    return refused.problems().stream().map(InputProblem::toString).toList();
  }

  private static String cluster(String lines) {
    return """
    cluster:
      name: home
      distribution: k3s
      version: v1.36.4+k3s1
    %s
    hosts:
      cp1: { address: 192.168.56.11, roles: [control-plane] }
      w1: { address: 192.168.56.21 }
    """
        .formatted(lines.indent(2).stripTrailing());
  }

  @Test
  void whatTheInventoryDoesNotSayIsTheDistributionsDefault() {
    var loaded = load(cluster(""));
    var cluster = loaded.inventory().cluster().orElseThrow();
    assertThat(cluster.network().podCidr()).hasToString("10.42.0.0/16");
    assertThat(cluster.network().serviceCidr()).hasToString("10.43.0.0/16");
    assertThat(cluster.kubeconfig()).isEmpty();
    assertThat(loaded.inventory().hosts().get(1).roles()).containsExactly(Role.WORKER);
    assertThat(loaded.inventory().hosts().get(1).ssh()).isEqualTo(SshSettings.DEFAULTS);
    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  void aHostOverridesTheSshSettingsOfAllOneByOne() {
    var hosts =
        load("""
        ssh: { user: ops, port: 2200, jump: bastion, transport: jsch, become: { method: doas, password: x } }
        hosts:
          a: { address: a, ssh: { jump: none, become: { method: sudo } } }
          b: { address: b }
        """)
            .inventory()
            .hosts();
    assertThat(hosts.getFirst().ssh().jump()).isEqualTo(Optional.of("none")); // of ssh_config too
    assertThat(hosts.getFirst().ssh().port()).isEqualTo(Optional.of(2200));
    assertThat(hosts.getFirst().ssh().become().method()).isEqualTo(Become.Method.SUDO);
    assertThat(hosts.getFirst().ssh().become().password()).isPresent();
    assertThat(hosts.get(1).ssh().jump()).isEqualTo(Optional.of("bastion"));
    assertThat(hosts.get(1).ssh().transport()).isEqualTo(SshSettings.Library.JSCH);
  }

  @Test
  void aKeyIsAFileOrTheReferenceToItsText() {
    var keys =
        load("""
        ssh: { key: [ keys/id, "${cmd:[pass, deploy]}" ] }
        hosts: { a: { address: a } }
        """)
            .inventory()
            .hosts()
            .getFirst()
            .ssh()
            .keys();
    assertThat(keys.getFirst()).isEqualTo(new SshKey.File(Path.of("/inventories/keys/id")));
    assertThat(keys.getLast())
        .isInstanceOfSatisfying(
            SshKey.Text.class,
            text -> assertThat(text.secret().reference()).isEqualTo("${cmd:[pass, deploy]}"));
  }

  @Test
  void settingsAreFreeDataInTheOrderOfTheFile() {
    var cluster =
        load(cluster(
                "kubelet: { maxPods: 50, featureGates: { B: true, A: false }, clusterDNS: [10.43.0.10] }\nk3s: { disable: [traefik] }\nregistries: { token: '${env:T}' }"))
            .inventory()
            .cluster()
            .orElseThrow();
    assertThat(cluster.sections().find(KubeletSection.class).orElseThrow().values())
        .hasToString("{maxPods=50, featureGates={B=true, A=false}, clusterDNS=[10.43.0.10]}");
    assertThat(cluster.sections().find(RegistriesSection.class).orElseThrow().data())
        .extractingByKey("token")
        .isInstanceOf(Secret.class);
  }

  @Test
  void secretsInPlainAreWarningsWhereverTheyAre() {
    var warnings =
        load(cluster("registries: { configs: { r: { auth: { password: hunter2 } } } }")
                + "ssh: { password: hunter2, passphrase: hunter2, become: { password: hunter2 } }\n")
            .warnings();
    assertThat(warnings)
        .hasSize(4)
        .allSatisfy(it -> assertThat(it.reason()).contains("in plain").doesNotContain("hunter2"));
  }

  @Test
  void aVersionThatNobodyHasHeardOfIsAWarning() {
    var mistyped = cluster("").replaceFirst("version: v1\\.\\d+", "version: v1.63");
    assertThat(load(mistyped).warnings())
        .anySatisfy(it -> assertThat(it.reason()).contains("v1.63").contains("is it mistyped?"));
  }

  @Test
  void aVariableThatIsNotSetYetIsToldAtOnceAndNoReasonToRefuse() {
    var text = "ssh: { password: '${env:NOBODY_SET_THIS}' }\nhosts:\n  a: { address: a }\n";
    assertThat(load(text).warnings())
        .singleElement()
        .satisfies(it -> assertThat(it.at().line()).isEqualTo(1))
        .satisfies(it -> assertThat(it.reason()).contains("NOBODY_SET_THIS is not set yet"));
  }

  @Test
  void aNodeAddressThatFollowsFromTheSshAddressCountsToo() {
    assertThat(
            refusal(
                """
                cluster:
                  name: x
                  distribution: none
                  network: { node_cidr: 10.0.0.0/24 }
                hosts:
                  a: { address: a, node_address: 10.0.0.2 }
                  b: { address: 10.0.0.2 }
                """))
        .singleElement()
        .asString()
        .startsWith("/inventories/i.yml:7:17: a and b have the same node address 10.0.0.2.");
  }

  @Test
  void addressesOfServicesThatAreNotOfTheNodesNetworkAreAWarning() {
    var pools =
        "network: { node_cidr: 192.168.56.0/24 }\nload_balancer: { metallb: { addresses: [%s] } }";
    assertThat(load(cluster(pools.formatted("192.168.56.240-192.168.56.250"))).warnings())
        .isEmpty();
    for (var odd : List.of("192.168.55.250-192.168.56.9", "192.168.56.250-192.168.57.9")) {
      assertThat(load(cluster(pools.formatted(odd))).warnings())
          .singleElement()
          .asString()
          .contains(odd + " is not all inside node_cidr 192.168.56.0/24");
    }
  }

  @Test
  void severalServersWithoutAnEndpointAreAWarning() {
    var loaded =
        load(
            """
            cluster: { name: x, distribution: k3s, version: v1.36.4+k3s1 }
            hosts:
              a: { address: a, roles: control-plane }
              b: { address: b, roles: control-plane }
              c: { address: c, roles: control-plane }
            """);
    assertThat(loaded.warnings()).singleElement().asString().contains("single point of failure");
    assertThat(loaded.inventory().cluster().orElseThrow().network().serviceCidr())
        .hasToString("10.43.0.0/16");
  }

  @Test
  void splitBrainCanBeAccepted() {
    var yaml =
        """
        cluster:
          name: x
          distribution: none
          storage: { gluster: { volumes: [{ name: v, replica: 2, brick: /data/v, i_accept_split_brain: true }] } }
        hosts:
          a: { address: a, roles: storage }
          b: { address: b, roles: storage }
        """;
    assertThat(
            GlusterStorage.of(load(yaml).inventory().cluster().orElseThrow())
                .volumes()
                .getFirst()
                .acceptSplitBrain())
        .isTrue();
  }

  @Test
  void aFileThatEverybodyCanWriteIsAWarning(@TempDir Path directory) throws Exception {
    var file = Files.writeString(directory.resolve("i.yml"), "hosts:\n  a: { address: a }\n");
    assertThat(loader.load(file).warnings()).isEmpty();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(loader.load(file).warnings()).singleElement().asString().contains("chmod go-w");
  }

  @Test
  void aFileThatIsNotThereOrIsADirectoryIsAProblem(@TempDir Path directory) {
    for (var path : List.of(directory, directory.resolve("gone.yml"))) {
      var refused = catchThrowableOfType(InputRefused.class, () -> loader.load(path));
      assertThat(refused.problems()).hasSize(1);
    }
  }

  @Test
  void pathsStartAtTheInventorysDirectory() {
    assertThat(load("artifacts: a/b\nhosts:\n  a: { address: a }\n").inventory().artifacts())
        .isEqualTo(Optional.of(Path.of("/inventories/a/b")));
  }

  @Test
  void tenThousandHostsInOneGroupLoad() {
    var text = new StringBuilder("hosts:\n");
    for (var i = 0; i < 10_000; i++) {
      text.append(
          "  h%d: { address: 10.1.%d.%d, vars: { rack: r%d } }\n"
              .formatted(i, i / 250, i % 250, i % 40));
    }
    text.append("groups:\n  every:\n");
    for (var i = 0; i < 10_000; i++) {
      text.append("    - h").append(i).append('\n');
    }
    assertThat(load(text.toString()).inventory().select("every").orElseThrow()).hasSize(10_000);
  }

  @Test
  void aTextOfAnyLengthIsAProblemAndNoOverflow() {
    for (var piece : List.of("/a", "a.", "a,", "a", "-", "1.", "_", "${env:")) {
      var text = piece.repeat((1 << 18) / piece.length());
      var yaml =
          """
          cluster:
            name: @
            distribution: @
            version: @
            endpoint: @
            network: { pod_cidr: @ }
            load_balancer: { metallb: { addresses: [@] } }
            storage: { gluster: { volumes: [{ brick: @, brick_device: @, options: { ? @ : @ } }] } }
            tls_sans: [@]
          ssh: { user: @, jump: @, key: @, password: @ }
          mirror: @
          hosts:
            "@": { address: @, node_address: @, labels: { x: @ }, taints: [@] }
          """;
      var filled = yaml.replace("\"@\"", "w").replace("@", '"' + text + '"');
      assertThat(refusal(filled))
          .hasSizeGreaterThan(10)
          .allSatisfy(it -> assertThat(it).hasSizeLessThan(1000));
    }
  }

  @Test
  void namesThatPlaysKnowAreTaken() {
    assertThat(refusal("hosts:\n  local: { address: a }\n"))
        .singleElement()
        .asString()
        .contains("name of a group");
  }

  @Test
  void aFileThatIsWrongEverywhereEndsInACount() {
    var text = new StringBuilder("hosts:\n");
    for (var i = 0; i < 2_000; i++) {
      text.append("  h%d: { adress: x }\n".formatted(i));
    }
    assertThat(refusal(text.toString())).hasSize(501).last().asString().endsWith("and 1500 more");
  }

  /** What is wrong with it is still said, and it counts in nothing. */
  @Test
  void aHostThatLeavesIsLoggedInToAndIsNoHostOfTheCluster() {
    var text =
        cluster("")
            + "  w2: { address: 192.168.56.22, leaving: true }\n"
            + "groups: { ssd: [w1, w2] }\n";
    var inventory = load(text).inventory();
    assertThat(inventory.hosts()).hasToString("[cp1, w1]");
    assertThat(inventory.leaving()).hasToString("[w2]");
    assertThat(inventory.known()).hasToString("[cp1, w1, w2]");
    assertThat(inventory.select("all").orElseThrow()).hasToString("[cp1, w1]");
    assertThat(inventory.select("worker").orElseThrow()).hasToString("[w1]");
    assertThat(inventory.select("ssd").orElseThrow()).hasToString("[w1]");
    assertThat(inventory.select("leaving").orElseThrow()).hasToString("[w2]");
    assertThat(inventory.select("w2").orElseThrow()).hasToString("[w2]");
    assertThat(
            refusal(cluster("").replace("[control-plane] }", "[control-plane], leaving: true }")))
        .singleElement()
        .asString()
        .contains("no host has role control-plane");
  }

  /** Of three that one is lost of, or on the way from three to another three. */
  @Test
  void twoControlPlanesAreAWarning() {
    var three =
        cluster("endpoint: api.example.org")
            .replace("w1:", "cp2:")
            .replace(".21 }", ".12, roles: [control-plane] }");
    assertThat(load(three).warnings())
        .singleElement()
        .asString()
        .contains("2 control planes: etcd wants an odd number");
  }
}
