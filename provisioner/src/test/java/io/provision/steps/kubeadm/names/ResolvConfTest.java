package io.provision.steps.kubeadm.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.steps.kubeadm.KubeadmCases;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Name servers that are the host itself are nobody's in a pod. */
final class ResolvConfTest {
  @Test
  void aHostThatNamesOnlyItselfIsRefused() {
    for (var own : List.of(List.of("127.0.0.53"), List.of("127.0.0.1", "::1"))) {
      assertThat(refusal("", own))
          .hasValueSatisfying(it ->
              assertThat(it)
                  .isInstanceOfSatisfying(
                      Check.Refused.class,
                      refused -> {
                        assertThat(refused.what()).contains(String.join(", ", own), "resolv.conf");
                        assertThat(refused.remedy()).contains("kubelet: { resolvConf: FILE }");
                      }));
    }
  }

  @Test
  void oneThatPodsReachIsEnoughAndNoneAtAllIsKubeletsBusiness() {
    assertThat(refusal("", List.of("127.0.0.1", "9.9.9.9"))).isEmpty();
    assertThat(refusal("", List.of("fd00::1"))).isEmpty();
    assertThat(refusal("", List.of())).isEmpty();
  }

  @Test
  void aFileThatTheInventoryNamesIsTaken() {
    assertThat(refusal("kubelet: { resolvConf: /etc/pods.conf }", List.of("127.0.0.1"))).isEmpty();
  }

  private static Optional<Check> refusal(String more, List<String> servers) {
    var target = KubeadmCases.on("w1", KubeadmCases.inventory(more));
    var seen = new Observations.Builder().put(ResolvConf.QUESTION, servers).build();
    return ResolvConf.refusal(target, seen);
  }
}
