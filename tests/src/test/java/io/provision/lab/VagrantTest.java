package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What `vagrant up` makes of the Vagrantfile at the top, with Debian's Vagrant and the nodes of the
 * lab as its machines; what a reload, a machine that is off and the end of all leave behind.
 */
@Tag("long")
class VagrantTest {
  private static final String NOTHING = " ok, 0 changed";

  private final Path scratch = Checkout.scratch("vagrant");
  private final Path dotfile = scratch.resolve(".vagrant");
  private final Path inventory = dotfile.resolve("provision/inventory.yml");
  private final K3s k3s = K3s.forArtifacts(scratch.resolve("artifacts"));

  @Test
  void vagrantUpEndsWithAClusterThatNothingChangesAgain() throws IOException {
    System.out.println("VagrantTest: with " + k3s.called());
    try {
      vagrant("up").exits(0);
      assertThat(Checkout.text(dotfile.resolve("provision/kubeconfig")))
          .contains("https://" + address(1) + ":6443", "current-context: vagrant");
      assertThat(vagrant("provision").exits(0).text()).contains(NOTHING);
      assertThat(vagrant("reload").exits(0).text()).contains(NOTHING);
      theMachinesAreReachedFromAnywhere();
      aMachineThatIsOffIsNamed();
      assertThat(vagrant("up").exits(0).text()).contains(NOTHING);
      var kept = keys(1);
      assertThat(kept).isNotEmpty();
      vagrant("destroy", "--force").exits(0);
      assertThat(keys(1)).as("of a machine that is no more").isEmpty();
    } finally {
      vagrant("destroy", "--force");
    }
  }

  /** By addresses of their own, and not by the one that the engine gave them. */
  private void theMachinesAreReachedFromAnywhere() {
    var second = provision().json("apply", inventory.toString()).exits(0);
    assertThat(second.total("changed")).as("%s", second).isZero();
    assertThat(second.text()).doesNotContain("172.17.");
    var typed =
        Checkout.text(inventory).replaceFirst("(?m)^ssh: .*\n", "ssh: { host_keys: strict }\n");
    assertThat(typed).doesNotContain("vagrant: \"");
    var copy = write(dotfile.resolve("provision/copy.yml"), typed);
    var again = provision().json("apply", copy.toString(), "--vagrant").exits(0);
    assertThat(again.total("changed")).as("%s", again).isZero();
  }

  private void aMachineThatIsOffIsNamed() {
    vagrant("halt", "n2").exits(0);
    var plan = provision().run("plan", inventory.toString()).exits(4);
    assertThat(plan.text()).contains("its machine is not running (stopped)", "vagrant up n2");
  }

  /** Where Vagrant keeps what it knows of a machine. */
  private List<String> keys(int number) {
    try (var files = Files.walk(dotfile.resolve("machines/n" + number))) {
      return files.filter(it -> it.endsWith("provision_known_hosts")).map(Checkout::text).toList();
    } catch (IOException _) {
      return List.of(); // the whole directory is gone
    }
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String network() {
    return Engine.SUBNET.replaceFirst("\\.0/24$", "");
  }

  private static String address(int number) {
    return network() + "." + (10 + number);
  }

  private Map<String, String> settings() {
    return Map.of(
        "PROVISION_NODES", "2",
        "PROVISION_NETWORK", network(),
        "PROVISION_VERSION", k3s.version(),
        "PROVISION_ARTIFACTS", k3s.artifacts().toString(),
        "PROVISION_LAB_IMAGE", Engine.nodeImage(),
        "PROVISION_LAB_NAME", Engine.LABELS.get("org.provision.lab"),
        "VAGRANT_DOTFILE_PATH", dotfile.toString(),
        "VAGRANT_HOME", scratch.resolve("vagrant.d").toString(),
        "VAGRANT_DEFAULT_PROVIDER", "docker",
        "VAGRANT_CHECKPOINT_DISABLE", "1");
  }

  private Provision provision() {
    var provision = new Provision(scratch);
    settings().forEach(provision::with);
    return provision;
  }

  private Result vagrant(String... words) {
    return provision()
        .command(Stream.concat(Stream.of("vagrant"), Stream.of(words)).toList(), Checkout.file(""))
        .end();
  }
}
