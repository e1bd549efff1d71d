package io.provision.console.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.console.Tale;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunVerb;
import io.provision.engine.event.TargetName;
import io.provision.step.Change;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTextTest {
  private static final List<TargetName> HOSTS = Tale.hosts(3);

  private static List<String> shown(Tale tale) {
    return new PlanText(Ink.NONE, ChangeText.of(Ink.NONE, false)).lines(tale.story());
  }

  @Test
  void showsEqualChangesOfManyHostsOnceWithTheirDiff() {
    var tale = new Tale(RunVerb.PLAN, HOSTS);
    HOSTS.forEach(host ->
        tale.finished(
            host, Tale.step("etc-hosts", 0), Tale.update("/etc/hosts", "a\nb\n", "a\nc\n")));

    assertThat(shown(tale))
        .containsExactly(
            "etc-hosts  play.yml:10:5",
            "  on w1, w2, w3:",
            "    ~ update /etc/hosts",
            "        @@ -1,2 +1,2 @@",
            "         a",
            "        -b",
            "        +c");
  }

  @Test
  void keepsTheOrderOfThePlaybookWhateverCameFirst() {
    var tale =
        new Tale(RunVerb.PLAN, HOSTS)
            .finished(HOSTS.get(0), Tale.step("later", 2), Tale.update("/b", "", "x\n"))
            .finished(HOSTS.get(1), Tale.step("sooner", 1), Tale.update("/a", "", "x\n"));

    assertThat(shown(tale))
        .filteredOn(line -> !line.startsWith(" "))
        .containsExactly("sooner  play.yml:11:5", "later  play.yml:12:5");
  }

  @Test
  void hidesWhatMustNotBeShownAndSaysWhy() {
    var hidden =
        new Change(Change.Action.CREATE, "/etc/token", new Change.Detail.Hidden("a secret"));
    var tale =
        new Tale(RunVerb.PLAN, HOSTS)
            .finished(
                HOSTS.get(0), Tale.step("token", 0), new Outcome.WouldChange(List.of(hidden)));

    assertThat(shown(tale)).contains("    + create /etc/token (contents hidden: a secret)");
  }

  @Test
  void aPlanWithAnythingUnknownNeverSaysNothingToDo() {
    var unknown = new Outcome.Pending("K3S_JOIN of cp1", Set.of(Change.Action.CREATE));
    var tale =
        new Tale(RunVerb.PLAN, HOSTS)
            .finished(HOSTS.get(0), Tale.step("a", 0), new Outcome.Ok())
            .finished(HOSTS.get(1), Tale.step("a", 0), unknown);

    assertThat(PlanText.verdict(tale.report()))
        .isEqualTo("Plan: 0 to change, 1 unknown, 1 in sync.");
    assertThat(shown(tale)).contains("    ? unknown until: K3S_JOIN of cp1 (may create)");
  }

  @Test
  void whatLeftIsShownAsARemovalThatMustBeAskedFor() {
    var gone = Change.of(Change.Action.REMOVE, "gluster peer w3", "in the pool", "");
    var left =
        new Outcome.Left(
            List.of("host/w3", "host/w4"), List.of(gone), "heal pending", "under way", "");
    var tale =
        new Tale(RunVerb.PLAN, HOSTS)
            .finished(HOSTS.get(0), Tale.step("a", 0), new Outcome.Leaving(List.of(left)));

    assertThat(PlanText.verdict(tale.report()))
        .isEqualTo("Plan: 0 to change, 0 unknown, 1 to leave only when asked, 0 in sync.");
    assertThat(shown(tale))
        .containsExactly(
            "a  play.yml:10:5",
            "  on w1:",
            "    - remove gluster peer w3: in the pool -> (none)",
            "      not in the inventory any more: only with --remove host/w3 --remove host/w4",
            "      under way",
            "      not now: heal pending");
  }

  @Test
  void whatOnlyLostARoleIsSaidSo() {
    var gone = Change.of(Change.Action.REMOVE, "gluster peer w3", "in the pool", "");
    var left =
        new Outcome.Left(List.of("host/w3"), List.of(gone), "", "", "w3 lost the role storage");
    var tale =
        new Tale(RunVerb.PLAN, HOSTS)
            .finished(HOSTS.get(0), Tale.step("a", 0), new Outcome.Leaving(List.of(left)));
    assertThat(shown(tale)).endsWith("      w3 lost the role storage: only with --remove host/w3");
  }

  @Test
  void aPlanThatCouldNotSeeAHostNeverSaysNothingToDo() {
    var tale =
        new Tale(RunVerb.PLAN, HOSTS)
            .finished(HOSTS.get(0), Tale.step("a", 0), new Outcome.Ok())
            .gaveUp(HOSTS.get(1), new Outcome.Unreachable(new Failure("refused", "start sshd")));

    assertThat(PlanText.verdict(tale.report()))
        .isEqualTo("Plan: 0 to change, 0 unknown, 1 in sync, 1 unreachable.");
  }

  @Test
  void onlyWhereAllIsInSyncIsThereNothingToDo() {
    var tale =
        new Tale(RunVerb.PLAN, HOSTS).finished(HOSTS.get(0), Tale.step("a", 0), new Outcome.Ok());

    assertThat(PlanText.verdict(tale.report())).isEqualTo("Nothing to do: 1 in sync.");
  }

  @Test
  void cutsLongDiffsAndSaysHowToSeeThemInFull() {
    var many = "x\n".repeat(500);
    var tale =
        new Tale(RunVerb.PLAN, HOSTS)
            .finished(HOSTS.get(0), Tale.step("a", 0), Tale.update("/f", "", many));

    assertThat(shown(tale)).hasSizeLessThan(70).last().asString().contains("-v shows them");
  }

  @Test
  void tellsADifferenceThatIsOnlyANewlineAtTheEnd() {
    assertThat(Diff.hunks("a", "a\n")).containsExactly("\\ Newline at end of file added");
    assertThat(Diff.hunks("a\n", "a\n")).isEmpty();
  }
}
