package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From bare hosts to a cluster in three commands and no editor. */
@Tag("long")
class InitTest {
  @Test
  void threeCommandsMakeACluster() {
    try (var lab = Lab.of(3)) {
      var k3s = K3s.forLab(lab);
      System.out.println("InitTest: with " + k3s.called());
      lab.nodes().forEach(K3s::letRun);
      lab.nodes().forEach(node -> node.sh("hostname box-%s".formatted(node.name())));
      var before = Witness.of(lab.nodes());
      var asked = commands(lab, k3s);
      var provision = lab.provision().with("PROVISION_ARTIFACTS", k3s.artifacts().toString());
      var began = System.nanoTime();
      var first = provision.run(asked.toArray(String[]::new)).exits(0);
      var written = System.nanoTime();
      before.forEach(Witness::stillHolds);
      var text = Checkout.text(lab.file("first.yml"));
      assertThat(text)
          .contains("box-n1: {", "roles: [control-plane]", "node_cidr: " + Engine.SUBNET)
          .contains("# Debian GNU/Linux");
      assertThat(first.text()).contains("provision plan", "provision apply");
      System.out.println(text);

      assertThat(provision.run(asked.toArray(String[]::new)).exits(2).text())
          .contains("is there already");
      provision.run("validate", "first.yml").exits(0);
      var planning = System.nanoTime();
      provision.run("plan", "first.yml").exits(0);
      var planned = System.nanoTime();
      provision.json("apply", "first.yml").exits(0);
      System.out.printf(
          "InitTest: init took %d s, plan %d s, apply %d s%n",
          seconds(began, written), seconds(planning, planned), seconds(planned, System.nanoTime()));
      assertThat(provision.json("apply", "first.yml").exits(0).total("changed")).isZero();
      whoDoesNotAnswerIsNamedAndNothingIsWritten(lab, k3s);
    }
  }

  private static long seconds(long from, long to) {
    return Duration.ofNanos(to - from).toSeconds();
  }

  private static void whoDoesNotAnswerIsNamedAndNothingIsWritten(Lab lab, K3s k3s) {
    lab.node(3).powerOff();
    var words = commands(lab, k3s);
    words.set(words.indexOf("first.yml"), "second.yml");
    var gone = lab.provision().run(words.toArray(String[]::new)).exits(4);
    assertThat(gone.text()).contains(lab.node(3).address(), "nothing was written");
    assertThat(lab.file("second.yml")).doesNotExist();
  }

  private static List<String> commands(Lab lab, K3s k3s) {
    var last = lab.node(3).address().replaceFirst(".*\\.", "");
    return new ArrayList<>(
        List.of(
            "init",
            "admin@%s-%s".formatted(lab.node(1).address(), last),
            "--key",
            Lab.KEY.toString(),
            "--accept-new",
            "--release",
            k3s.version(),
            "--kubeconfig",
            lab.file("kubeconfig").toString(),
            "--out",
            "first.yml"));
  }
}
