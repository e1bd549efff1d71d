package io.provision.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Frame;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Question;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds only until cloud-init's next boot is not in sync. */
final class CloudInitTest {
  private static final String CFG = "active\n/etc/cloud/cloud.cfg:preserve_hostname: false\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // not there, or switched off
        "active", // the usual value
        "active\n/etc/cloud/cloud.cfg:manage_etc_hosts: False",
        "active\n/etc/cloud/cloud.cfg:manage_etc_hosts: localhost",
        "active\n/etc/cloud/cloud.cfg:manage_etc_hosts: true\n"
            + "/etc/cloud/cloud.cfg.d/zz-provision-manage-etc-hosts.cfg:manage_etc_hosts: false",
        "garbage: x: y\n:::\n/",
      })
  void whereItLeavesTheHostsAloneNothingIsDone(String says) {
    assertThat(check(CloudInit.leavesHosts(), says)).isEqualTo(new Check.InSync());
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "True", "\"template\"", "yes # of the provider"})
  void whereItWouldWriteThemItIsToldNotTo(String value) {
    var says = "active\n/etc/cloud/cloud.cfg.d/90_dpkg.cfg:manage_etc_hosts: " + value;
    assertThat(check(CloudInit.leavesHosts(), says))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift ->
                assertThat(drift.changes().toString())
                    .contains("zz-provision-manage-etc-hosts.cfg", "manage_etc_hosts: false"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/var/lib/cloud/instance/cloud-config.txt", "/etc/cloud/cloud.cfg.d/zzz.cfg"})
  void whatWinsOverOursIsNamed(String file) {
    var says = "active\n" + file + ":manage_etc_hosts: true";
    assertThat(check(CloudInit.leavesHosts(), says))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            refused -> {
              assertThat(refused.what()).contains(file, "manage_etc_hosts: true", "/etc/hosts");
              assertThat(refused.remedy()).contains("user data");
            });
  }

  @Test
  void aHostnameIsPreservedEvenWhereNothingIsSaid() {
    assertThat(check(CloudInit.leavesHostname(), "active")).isInstanceOf(Check.Drift.class);
    assertThat(check(CloudInit.leavesHostname(), CFG)).isInstanceOf(Check.Drift.class);
    assertThat(check(CloudInit.leavesHostname(), CFG.replace("false", "true")))
        .isEqualTo(new Check.InSync());
    assertThat(check(CloudInit.leavesHostname(), "")).isEqualTo(new Check.InSync());
  }

  /** Our own file is not there yet. */
  private static Check check(CloudInit piece, String says) {
    var seen = new Observations.Builder();
    var asked = piece.probes().questions();
    put(asked.getFirst(), says, seen);
    List.copyOf(asked).subList(1, asked.size()).forEach(it -> put(it, "", seen));
    return piece.check(seen.build());
  }

  private static <A> void put(Question<A> question, String says, Observations.Builder into) {
    var frame = new Frame(0, says);
    into.put(question, question.kind().read(List.of(question), frame).getFirst());
  }
}
