package io.provision.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Two names for one system, and two systems that take themselves for one. */
class MachineIdentityTest {
  private static MachineIdentity of(String boot, String namespace, String... more) {
    return MachineIdentity.read(
        "boot=%s\nnamespace=%s\n%s".formatted(boot, namespace, String.join("\n", more)));
  }

  @Test
  void whatIsNotThereOrIsEmptyIsNotKnown() {
    var nothing = MachineIdentity.read("machine-id=\nproduct-uuid= \nnonsense\nboot=1\n");
    assertThat(nothing.running()).as("half of it is nothing").isEmpty();
    assertThat(nothing.machineId()).isEmpty();
    assertThat(nothing.productUuid()).isEmpty();
    assertThat(nothing.macs()).isEmpty();
    assertThat(MachineIdentity.read("namespace=n\n").running()).isEmpty();
    var all = of("b", "n", "machine-id=m", "product-uuid=p", "mac=2", "mac=1");
    assertThat(all.running()).contains(new MachineIdentity.Running("b", "n"));
    assertThat(all.machineId()).contains("m");
    assertThat(all.productUuid()).contains("p");
    assertThat(all.macs()).containsExactly("1", "2");
  }

  @Test
  void oneSystemIsOneByItsBootAndItsProcesses() {
    assertThat(of("b", "n").isSame(of("b", "n", "machine-id=m"))).isTrue();
    assertThat(of("b", "n").isSame(of("b", "other"))).as("containers of one kernel").isFalse();
    assertThat(of("b", "n").isSame(of("c", "n"))).isFalse();
    var unknown = MachineIdentity.read("");
    assertThat(unknown.isSame(unknown)).as("of which nothing is known").isFalse();
  }

  @Test
  void whatACloneKeepsIsNamed() {
    var one = of("b", "n", "machine-id=m", "product-uuid=p", "mac=1", "mac=2");
    var clone = of("c", "n", "machine-id=m", "product-uuid=p", "mac=2", "mac=1");
    assertThat(one.shared(clone)).hasSize(3);
    assertThat(one.shared(of("c", "n", "machine-id=x", "product-uuid=y", "mac=1"))).isEmpty();
    assertThat(one.shared(of("c", "n"))).isEmpty();
    assertThat(of("b", "n").shared(of("c", "n"))).as("of nothing nothing is shared").isEmpty();
  }

  /** Their firmware and cards are those of the machine under them. */
  @Test
  void containersOfOneKernelShareOnlyWhatIsTheirOwn() {
    var one = of("b", "1", "machine-id=m", "product-uuid=p", "mac=1");
    assertThat(one.shared(of("b", "2", "machine-id=m", "product-uuid=p", "mac=1")))
        .isEqualTo(List.of("machine-id"));
    assertThat(one.shared(MachineIdentity.read("product-uuid=p\nmac=1\n"))).isEmpty();
    assertThat(MachineIdentity.read("product-uuid=p\nmac=1\n").shared(one)).isEmpty();
  }
}
