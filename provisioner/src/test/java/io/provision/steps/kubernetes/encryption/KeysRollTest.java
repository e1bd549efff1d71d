package io.provision.steps.kubernetes.encryption;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Sha256;
import io.provision.remote.Script;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Secrets come to be written with another key, and at no time is there one that nobody can read.
 */
@ParameterizedClass
@EnumSource(EncryptionCases.class)
class KeysRollTest {
  @Parameter EncryptionCases with;

  private static final String SECTION = "encryption: { provider: secretbox, key: second }";
  private static final String UNNAMED = "encryption: { provider: secretbox }";
  private static final String LIVES = "member=yes\nmade=yes\n";
  private static final String OLD =
      "entry=secretbox:first %s\n".formatted(Sha256.of(new byte[] {1}));
  private static final String NEW =
      "entry=secretbox:second %s\n".formatted(Sha256.of(new byte[] {2}));
  private static final String PLAIN = "entry=identity\n";
  private static final String CHANGING = "ours=yes\nchanging=yes\n";
  private static final EncryptionKey FIRST = new EncryptionKey("secretbox", "first");
  private static final EncryptionKey SECOND = new EncryptionKey("secretbox", "second");
  private static final String MEMBERS =
      "node=%1$s\nlabel=node-role.kubernetes.io%%2Fcontrol-plane=\nnode=%2$s\nlabel=node-role.kubernetes.io%%2Fcontrol-plane=\nnode=%3$s\nlabel=node-role.kubernetes.io%%2Fcontrol-plane=\nnode=w1\n";
  private static final String ALL = MEMBERS.formatted("cp1", "cp2", "cp3");

  /** What was seen of a control plane. */
  private record Seen(String section, String host, String look, String file, String nodes) {
    Seen on(String other) {
      return new Seen(section, host, other, file, nodes);
    }

    Seen of(String other) {
      return new Seen(other, host, look, file, nodes);
    }

    Seen among(String others) {
      return new Seen(section, host, look, file, others);
    }
  }

  private Seen seen(String host, String file) {
    return new Seen(SECTION, host, with.encrypts(), file, ALL);
  }

  private Check check(Step<Target.OnHost> step, Seen it, Cases.Settled known) {
    return check(step, it, false, known);
  }

  private Check check(Step<Target.OnHost> step, Seen it, boolean loaded, Cases.Settled known) {
    var nodes = with.keys.nodes();
    var seen =
        new Observations.Builder()
            .put(with.keys.look(), Cases.read(with.keys.look(), it.look()))
            .put(with.keys.file(), Cases.read(with.keys.file(), it.file()))
            .put(with.keys.loaded(), loaded)
            .put(nodes, Cases.read(nodes, it.nodes()))
            .build();
    return step.check(with.on(it.host(), it.section()), seen, known);
  }

  private Host host(String name) {
    return EncryptionCases.host(name, with.inventory(SECTION));
  }

  private <V> Cases.Settled all(Output<V> output, V value) {
    return allBut("", output, value);
  }

  /** That one never says it. */
  private <V> Cases.Settled allBut(String name, Output<V> output, V value) {
    var known = new Cases.Settled();
    for (var server : Nodes.servers(with.inventory(SECTION))) {
      known = known.has(server, Nodes.STATE, Cases.state(true, true));
      known =
          server.name().value().equals(name)
              ? known.never(server, output)
              : known.has(server, output, value);
    }
    return known;
  }

  private HeldKey held(String file) {
    return new HeldKey(Cases.read(with.keys.file(), file).entries(), true);
  }

  private Cases.Settled allKnow() {
    return all(EncryptionKnown.OUTPUT, held(OLD + NEW + PLAIN));
  }

  private Cases.Settled allUse() {
    return all(EncryptionUsed.OUTPUT, SECOND);
  }

  private static List<List<String>> arguments(Check check) {
    assertThat(check).isInstanceOf(Check.Drift.class);
    return ((Repair.OnHost) ((Check.Drift) check).repair())
        .scripts().stream().map(Script::call).map(call -> call.arguments()).toList();
  }

  private static <V> void isSaid(Check check, Output<V> output, V value) {
    assertThat(check)
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it -> assertThat(it.observed().values()).containsEntry(output, value));
  }

  @Test
  void aKeyIsKnownOnceItsApiServerHasTakenItOver() {
    var step = new EncryptionKnown(with.distributions);
    var file = OLD + NEW + PLAIN;
    assertThat(check(step, seen("cp1", CHANGING + file), false, allKnow()))
        .isInstanceOf(Check.NotYet.class);
    isSaid(
        check(step, seen("cp1", CHANGING + file), true, allKnow()),
        EncryptionKnown.OUTPUT,
        held(file));
    assertThat(check(step, seen("cp1", CHANGING + OLD + PLAIN), true, allKnow()))
        .as("a plan, before it is there")
        .isInstanceOf(Check.Unknown.class);
    assertThat(check(step, seen("cp1", CHANGING + PLAIN + NEW).on(LIVES), true, allKnow()))
        .as("a plan, before the API server reads the file")
        .isInstanceOf(Check.Unknown.class);
  }

  /** One that is to join, or whose manifest is away, begins with what its file says then. */
  @Test
  void ofOneThatDoesNotRunNothingIsSaidBeforeItDoes() {
    for (var step :
        List.<Step<Target.OnHost>>of(
            new EncryptionKnown(with.distributions),
            new EncryptionUsed(with.distributions),
            new SecretsRewritten(with.distributions))) {
      for (var look : List.of("", "member=yes\n", "made=yes\n")) {
        assertThat(check(step, seen("cp3", CHANGING + OLD + NEW).on(look), true, allKnow()))
            .as("%s, %s", step, look)
            .isInstanceOf(Check.Unknown.class);
        assertThat(check(step, seen("cp3", CHANGING).on(look), new Cases.Settled()))
            .as("%s, %s, where others were not seen", step, look)
            .isInstanceOf(Check.Unknown.class);
      }
    }
    var fresh = new Cases.Settled();
    for (var server : Nodes.servers(with.inventory(SECTION))) {
      fresh = fresh.has(server, Nodes.STATE, Cases.state(false, false));
    }
    isSaid(
        check(new EncryptionUsed(with.distributions), seen("cp1", "").on(""), fresh),
        EncryptionUsed.OUTPUT,
        SECOND);
  }

  /**
   * Before an API server is told of its file that is there, and what it can read is asked after.
   */
  @Test
  void playbooksHaveThemInTheOrderInWhichNothingBecomesUnreadable() throws IOException {
    var distribution = with.name().toLowerCase(Locale.ROOT);
    var lines =
        Files.readString(Path.of("../playbooks/%s.yml".formatted(distribution)))
            .lines()
            .map(line -> line.replaceFirst("^ *- ", ""))
            .toList();
    assertThat(lines)
        .containsSubsequence(
            distribution + "-state",
            "encryption",
            distribution + "-config",
            with == EncryptionCases.K3S ? "k3s-server" : "kubeadm-control-plane",
            "encryption-known",
            "encryption-used",
            "secrets-rewritten");
  }

  @Test
  void nobodyWritesWithItBeforeAllCanReadIt() {
    var step = new EncryptionUsed(with.distributions);
    var before = seen("cp1", CHANGING + OLD + NEW + PLAIN);
    refused("cp2 cannot read yet", check(step, before, true, withoutCp2()));
    refused(
        "cp2 cannot read yet",
        check(step, before, true, allKnow().has(host("cp2"), EncryptionKnown.OUTPUT, held(OLD))));
    assertThat(arguments(check(step, before, true, allKnow())))
        .containsExactly(List.of(with.keys.path(), "first", "secretbox", "second"));
    var after = seen("cp1", CHANGING + NEW + OLD + PLAIN);
    assertThat(check(step, after, false, allKnow())).isInstanceOf(Check.NotYet.class);
    isSaid(check(step, after, true, allKnow()), EncryptionUsed.OUTPUT, SECOND);
  }

  private Cases.Settled withoutCp2() {
    return allBut("cp2", EncryptionKnown.OUTPUT, held(OLD + NEW + PLAIN));
  }

  private List<String> rewritten() {
    return switch (with) {
      case KUBEADM ->
          List.of(
              "/usr/local/bin/kubectl",
              "/etc/kubernetes/admin.conf",
              "/etc/kubernetes/provision/rewrite.log");
      case K3S ->
          List.of(
              "/var/lib/rancher/k3s/data/current/bin/kubectl",
              "/etc/rancher/k3s/k3s.yaml",
              "/etc/rancher/k3s/encryption/rewrite.log");
    };
  }

  private static void refused(String what, Check check) {
    assertThat(check).isInstanceOf(Check.Refused.class);
    assertThat(check.toString()).contains(what);
  }

  /** Its API server goes on reading and writing, whatever the inventory says. */
  @Test
  void aControlPlaneThatTheInventoryHasNotStopsIt() {
    var other = MEMBERS.formatted("cp1", "cp2", "old3");
    var file = CHANGING + OLD + NEW + PLAIN;
    refused(
        "old3 is a control plane",
        check(
            new EncryptionUsed(with.distributions),
            seen("cp1", file).among(other),
            true,
            allKnow()));
    refused(
        "old3 is a control plane",
        check(
            new SecretsRewritten(with.distributions),
            seen("cp1", file).among(other),
            true,
            allUse()));
    refused(
        "does not say which",
        check(
            new EncryptionUsed(with.distributions), seen("cp1", file).among(""), true, allKnow()));
    assertThat(
            check(
                new EncryptionUsed(with.distributions),
                seen("cp1", "ours=yes\n" + NEW + PLAIN).among(other),
                allKnow()))
        .as("once all is done")
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void oneThatIsDownHoldsUpNobodyOnceAllIsDone() {
    var done = seen("cp1", "ours=yes\n" + NEW + PLAIN);
    assertThat(check(new EncryptionUsed(with.distributions), done, withoutCp2()))
        .isInstanceOf(Check.InSync.class);
    assertThat(check(new SecretsRewritten(with.distributions), done, withoutCp2()))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void allAreWrittenAnewOnceNobodyWritesWithAnotherKey() {
    var step = new SecretsRewritten(with.distributions);
    for (var name : List.of("cp1", "cp2")) {
      var it = seen(name, CHANGING + NEW + OLD + PLAIN);
      refused(
          "cp3 may still write",
          check(step, it, true, allBut("cp3", EncryptionUsed.OUTPUT, SECOND)));
      refused(
          "cp3 may still write",
          check(step, it, true, allUse().has(host("cp3"), EncryptionUsed.OUTPUT, FIRST)));
      var drift = check(step, it, true, allUse());
      assertThat(arguments(drift))
          .as("each, before it lets its key go")
          .containsExactly(rewritten(), List.of(with.keys.path(), "only", "secretbox", "second"));
      assertThat(((Check.Drift) drift).changes().toString())
          .contains("all Secrets", "secretbox key 'first'");
    }
    refused(
        "cp1, which comes before it",
        check(
            step,
            seen("cp2", CHANGING + NEW + OLD + PLAIN),
            true,
            allUse().never(host("cp1"), SecretsRewritten.OUTPUT)));
  }

  @Test
  void plainIsComeToTheSameWay() {
    var section = "encryption: { provider: identity }";
    assertThat(
            arguments(
                check(
                    new EncryptionUsed(with.distributions),
                    seen("cp1", "ours=yes\n" + OLD + PLAIN).of(section),
                    all(EncryptionKnown.OUTPUT, held(OLD + PLAIN)))))
        .containsExactly(List.of(with.keys.path(), "first", "identity", ""));
    assertThat(
            arguments(
                check(
                    new SecretsRewritten(with.distributions),
                    seen("cp1", CHANGING + PLAIN + OLD).of(section),
                    true,
                    all(EncryptionUsed.OUTPUT, new EncryptionKey("identity", "")))))
        .containsExactly(rewritten(), List.of(with.keys.path(), "only", "identity", ""));
  }

  /** Who rolled a key by hand has another first name, and the inventory names none. */
  @Test
  void whereNoKeyIsNamedTheOneThatIsWrittenWithIsMeant() {
    isSaid(
        check(
            new EncryptionUsed(with.distributions),
            seen("cp1", NEW + OLD + PLAIN).of(UNNAMED),
            allKnow()),
        EncryptionUsed.OUTPUT,
        SECOND);
    isSaid(
        check(
            new EncryptionUsed(with.distributions),
            seen("cp1", "entry=aescbc:x " + Sha256.of(new byte[3]) + "\n" + NEW + PLAIN)
                .of("encryption: { provider: aescbc }"),
            allKnow()),
        EncryptionUsed.OUTPUT,
        new EncryptionKey("aescbc", "x"));
  }

  @Test
  void whereNothingIsAskedForNothingIsWaitedFor() {
    for (var target : List.of(with.on("w1", SECTION), with.on("cp1", ""))) {
      for (var step :
          List.<Step<Target.OnHost>>of(
              new EncryptionKnown(with.distributions),
              new EncryptionUsed(with.distributions),
              new SecretsRewritten(with.distributions))) {
        assertThat(step.probes(target).questions()).isEmpty();
        assertThat(step.needs(target)).isEmpty();
        assertThat(step.provides(target)).isEmpty();
      }
    }
  }
}
