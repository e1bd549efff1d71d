package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All steps for a plain host, on three of them, with a witness beside. */
@Tag("hosts")
class MainJobTest {

  @ParameterizedTest
  @ValueSource(strings = {"mina", "jsch"})
  void aPlanChangesNothingAnApplyAllAndTheNextApplyNothingAtOneExecPerHost(String transport) {
    try (var lab = Lab.of(3)) {
      lab.inventory(Job.in(lab), everywhere(lab, "transport: " + transport));
      aPlanChangesNothing(lab);
      lab.provision().json("apply", "inventory.yml").exits(0);
      anApplyChangesNothingAtOneExecPerHost(lab);
      assertThat(lab.node(1).sh("date +%Z; grep LANG= /etc/default/locale"))
          .matches("CES?T\nLANG=C.UTF-8\n");
    }
  }

  @Test
  void whatIsAlteredOnAHostIsSeenByTheWitnessAndByThePlan() {
    try (var lab = Lab.of(1)) {
      lab.inventory(Job.in(lab), Map.of());
      lab.provision().json("apply", "inventory.yml").exits(0);
      var before = Witness.of(lab.node(1));
      lab.node(1).sh("chmod 0640 /etc/rancher/k3s/config.yaml");
      assertThat(before.changesTo(Witness.of(lab.node(1)))).hasSize(2);
      var plan = lab.provision().json("plan", "inventory.yml", "--detailed-exitcode").exits(3);
      assertThat(plan.total("would_change")).isEqualTo(1);
    }
  }

  private static void aPlanChangesNothing(Lab lab) {
    var before = Witness.of(lab.nodes());
    var here = lab.operatorsFiles();
    var plan = lab.provision().json("plan", "inventory.yml", "--detailed-exitcode").exits(3);
    assertThat(plan.total("would_change")).isGreaterThan(30);
    before.forEach(Witness::stillHolds);
    assertThat(lab.operatorsFiles()).isEqualTo(here);
  }

  private static void anApplyChangesNothingAtOneExecPerHost(Lab lab) {
    var before = Witness.of(lab.nodes());
    var execs = lab.nodes().stream().map(Node::execs).toList();
    var apply = lab.provision().json("apply", "inventory.yml").exits(0);
    assertThat(apply.total("changed")).as("%s", apply).isZero();
    before.forEach(Witness::stillHolds);
    assertThat(lab.nodes().stream().map(Node::execs).toList())
        .isEqualTo(execs.stream().map(count -> count + 1).toList());
  }

  private static Map<String, String> everywhere(Lab lab, String ssh) {
    return IntStream.rangeClosed(1, lab.nodes().size())
        .boxed()
        .collect(Collectors.toMap(number -> "n" + number, _ -> ssh));
  }
}
