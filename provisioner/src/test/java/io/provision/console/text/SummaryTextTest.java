package io.provision.console.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.console.Tale;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunVerb;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SummaryTextTest {

  private static List<String> shown(Tale tale) {
    return new SummaryText(Ink.NONE, false).lines(tale.story(), tale.report());
  }

  @Test
  void saysEqualFailuresOnceWithStepLineCommandEvidenceAndRemedy() {
    var hosts = Tale.hosts(3);
    var tale = new Tale(RunVerb.APPLY, hosts);
    hosts.forEach(
        host -> tale.finished(host, Tale.step("packages", 2), new Outcome.Failed(Tale.APT_LOCKED)));

    assertThat(shown(tale))
        .startsWith(
            "w1, w2, w3: packages failed (play.yml:12:5)",
            "    'apt-get install containerd' exited 100 (E: Unable to lock /var/lib/dpkg)",
            "      | E: Could not get lock",
            "      | E: Unable to lock",
            "    what to do: wait for the other apt")
        .endsWith("Not done: 3 hosts: 0 ok, 0 changed, 3 failed in 1m 05s.");
  }

  @Test
  void givesEachOfAFewHostsALine() {
    var hosts = Tale.hosts(2);
    var tale =
        new Tale(RunVerb.APPLY, hosts)
            .finished(hosts.get(0), Tale.step("a", 0), new Outcome.Ok())
            .finished(hosts.get(1), Tale.step("a", 0), new Outcome.Changed(List.of()));

    assertThat(shown(tale))
        .containsExactly(
            "changed: a on w2",
            "",
            "    ok  changed  skipped  failed  unreachable",
            "w1   1        0        0       0            0",
            "w2   0        1        0       0            0",
            "slowest: a on w1 1.5s, a on w2 1.5s",
            "Done: 2 hosts: 1 ok, 1 changed in 1m 05s.");
  }

  @Test
  void saysWhatLeftAndWasNotRemoved() {
    var hosts = Tale.hosts(1);
    var left = new Outcome.Left(List.of("host/w3"), List.of(), "", "", "");
    var tale =
        new Tale(RunVerb.APPLY, hosts)
            .finished(hosts.get(0), Tale.step("a", 0), new Outcome.Leaving(List.of(left)));

    assertThat(shown(tale))
        .startsWith(
            "left the inventory: host/w3: nothing was removed; that is done with --remove host/w3")
        .last()
        .asString()
        .contains("0 ok, 0 changed, 1 left to be removed when asked");
  }

  @Test
  void aHostThatOnlyLostARoleIsNotSaidToHaveLeft() {
    var hosts = Tale.hosts(1);
    var left = new Outcome.Left(List.of("host/w3"), List.of(), "", "", "w3 lost the role storage");
    var tale =
        new Tale(RunVerb.APPLY, hosts)
            .finished(hosts.get(0), Tale.step("a", 0), new Outcome.Leaving(List.of(left)));
    assertThat(shown(tale))
        .startsWith(
            "no longer declared: w3 lost the role storage: nothing was removed; that is done with"
                + " --remove host/w3");
    assertThat(left)
        .hasToString("w3 lost the role storage and is still there; only with --remove host/w3");
  }

  @Test
  void groupsAThousandHostsByTheirResult() {
    var hosts = Tale.hosts(1000);
    var tale = new Tale(RunVerb.APPLY, hosts);
    hosts.stream()
        .skip(3)
        .forEach(host -> tale.finished(host, Tale.step("a", 0), new Outcome.Ok()));
    hosts.stream()
        .limit(3)
        .forEach(host ->
            tale.gaveUp(host, new Outcome.Unreachable(new Failure("no route", "switch it on"))));

    assertThat(shown(tale))
        .hasSizeLessThan(12)
        .anyMatch(line -> line.startsWith("997 hosts (w4, w5, w6, w7, w8, w9 and 991 more)"))
        .contains("w1, w2, w3 unreachable")
        .endsWith("Not done: 1000 hosts: 997 ok, 0 changed, 3 unreachable in 1m 05s.");
  }

  @Test
  void saysWhoHoldsTheLock() {
    var stop = new Report.Stop.Locked("w1 is locked by anna since 11:58", "wait for her run");
    var report =
        new Report("r", RunVerb.APPLY, new TreeMap<>(), Duration.ZERO, Optional.of(stop), false);

    assertThat(new SummaryText(Ink.NONE, false).lines(new Story(), report))
        .contains(
            "nothing was changed: w1 is locked by anna since 11:58",
            "    what to do: wait for her run");
  }
}
