package io.provision.steps.kubeadm.apiserver;

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
import io.provision.steps.kubeadm.KubeadmCases;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Secrets come to be written with another key, and at no time is there one that nobody can read.
 */
class KeysRollTest {
  private static final String SECTION = "encryption: { provider: secretbox, key: second }";
  private static final String ENCRYPTS =
      "member=yes\nmade=yes\noption encryption-provider-config=/etc/kubernetes/encryption/config.yaml\n";
  private static final String OLD = "entry=secretbox:first %s\n".formatted(Sha256.of(new byte[1]));
  private static final String NEW = "entry=secretbox:second %s\n".formatted(Sha256.of(new byte[2]));
  private static final String PLAIN = "entry=identity\n";
  private static final String CHANGING = "ours=yes\nchanging=yes\n";
  private static final String LOADED = CHANGING + "loaded=yes\n";

  private static Check check(
      Step<Target.OnHost> step, String host, String file, Cases.Settled known) {
    return check(step, SECTION, host, ENCRYPTS, file, known);
  }

  private static Check check(
      Step<Target.OnHost> step,
      String section,
      String host,
      String look,
      String file,
      Cases.Settled known) {
    var seen =
        new Observations.Builder()
            .put(ApiServerLook.QUESTION, Cases.read(ApiServerLook.QUESTION, look))
            .put(EncryptionFile.QUESTION, Cases.read(EncryptionFile.QUESTION, file))
            .build();
    return step.check(ApiServerCases.on(host, section), seen, known);
  }

  private static Host host(String name) {
    return KubeadmCases.host(name, KubeadmCases.inventory(SECTION));
  }

  private static Cases.Settled all(Output<Boolean> output) {
    var known = new Cases.Settled();
    for (var server : Nodes.servers(KubeadmCases.inventory(SECTION))) {
      known = known.has(server, output, true);
    }
    return known;
  }

  private static List<List<String>> arguments(Check check) {
    return ((Repair.OnHost) ((Check.Drift) check).repair())
        .scripts().stream().map(Script::call).map(call -> call.arguments()).toList();
  }

  private static void isSaid(Check check, Output<Boolean> output) {
    assertThat(check)
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it -> assertThat(it.observed().values()).containsEntry(output, true));
  }

  @Test
  void aKeyIsKnownOnceItsApiServerHasTakenItOver() {
    var step = new EncryptionKnown();
    assertThat(check(step, "cp1", CHANGING + OLD + NEW + PLAIN, new Cases.Settled()))
        .isInstanceOf(Check.NotYet.class);
    isSaid(
        check(step, "cp1", LOADED + OLD + NEW + PLAIN, new Cases.Settled()),
        EncryptionKnown.OUTPUT);
    assertThat(check(step, "cp1", LOADED + OLD + PLAIN, new Cases.Settled()))
        .as("a plan, before it is there")
        .isInstanceOf(Check.Unknown.class);
    assertThat(
            check(
                step,
                SECTION,
                "cp1",
                "member=yes\nmade=yes\n",
                LOADED + PLAIN + NEW,
                all(EncryptionKnown.OUTPUT)))
        .as("a plan, before the API server reads the file")
        .isInstanceOf(Check.Unknown.class);
  }

  @Test
  void nobodyWritesWithItBeforeAllCanReadIt() {
    var step = new EncryptionUsed();
    var late =
        new Cases.Settled()
            .has(host("cp1"), EncryptionKnown.OUTPUT, true)
            .has(host("cp3"), EncryptionKnown.OUTPUT, true)
            .never(host("cp2"), EncryptionKnown.OUTPUT);
    assertThat(check(step, "cp1", LOADED + OLD + NEW + PLAIN, late).toString())
        .contains("Refused", "cp2 cannot read yet");
    assertThat(
            arguments(check(step, "cp1", LOADED + OLD + NEW + PLAIN, all(EncryptionKnown.OUTPUT))))
        .containsExactly(List.of("first", "secretbox", "second"));
    assertThat(check(step, "cp1", CHANGING + NEW + OLD + PLAIN, all(EncryptionKnown.OUTPUT)))
        .isInstanceOf(Check.NotYet.class);
    isSaid(
        check(step, "cp1", LOADED + NEW + OLD + PLAIN, all(EncryptionKnown.OUTPUT)),
        EncryptionUsed.OUTPUT);
  }

  @Test
  void oneThatIsDownHoldsUpNobodyOnceAllIsDone() {
    var down = new Cases.Settled().never(host("cp2"), EncryptionKnown.OUTPUT);
    assertThat(check(new EncryptionUsed(), "cp1", "ours=yes\n" + NEW + PLAIN, down))
        .isInstanceOf(Check.InSync.class);
    assertThat(check(new SecretsRewritten(), "cp1", "ours=yes\n" + NEW + PLAIN, down))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void allAreWrittenAnewOnceNobodyWritesWithAnotherKey() {
    var step = new SecretsRewritten();
    var late =
        new Cases.Settled()
            .has(host("cp1"), EncryptionUsed.OUTPUT, true)
            .has(host("cp2"), EncryptionUsed.OUTPUT, true)
            .never(host("cp3"), EncryptionUsed.OUTPUT);
    assertThat(check(step, "cp1", LOADED + NEW + OLD + PLAIN, late).toString())
        .contains("Refused", "cp3 may still write");
    var first = check(step, "cp1", LOADED + NEW + OLD + PLAIN, all(EncryptionUsed.OUTPUT));
    assertThat(arguments(first)).containsExactly(List.of(), List.of("only", "secretbox", "second"));
    assertThat(((Check.Drift) first).changes().toString())
        .contains("all Secrets", "secretbox key 'first'");
  }

  @Test
  void theOthersLetTheirKeysGoOnceThatIsDone() {
    var step = new SecretsRewritten();
    var file = LOADED + NEW + OLD + PLAIN;
    assertThat(step.needs(ApiServerCases.on("cp2", SECTION)).toString())
        .contains("secrets-rewritten");
    assertThat(check(step, "cp2", file, all(EncryptionUsed.OUTPUT)).toString())
        .contains("Refused", "which cp1 does");
    var done = check(step, "cp1", "ours=yes\n" + NEW + PLAIN, all(EncryptionUsed.OUTPUT));
    var output = ((Check.InSync) done).observed().values().keySet().iterator().next();
    @SuppressWarnings("unchecked")
    var known = all(EncryptionUsed.OUTPUT).has(host("cp1"), (Output<Boolean>) output, true);
    assertThat(arguments(check(step, "cp2", file, known)))
        .containsExactly(List.of("only", "secretbox", "second"));
  }

  @Test
  void plainIsComeToTheSameWay() {
    var section = "encryption: { provider: identity }";
    var used =
        check(
            new EncryptionUsed(),
            section,
            "cp1",
            ENCRYPTS,
            "ours=yes\n" + OLD + PLAIN,
            all(EncryptionKnown.OUTPUT));
    assertThat(arguments(used)).containsExactly(List.of("first", "identity", ""));
    var rewritten =
        check(
            new SecretsRewritten(),
            section,
            "cp1",
            ENCRYPTS,
            LOADED + PLAIN + OLD,
            all(EncryptionUsed.OUTPUT));
    assertThat(arguments(rewritten).getLast()).containsExactly("only", "identity", "");
  }

  @Test
  void whereNothingIsAskedForNothingIsWaitedFor() {
    for (var target : List.of(ApiServerCases.on("w1", SECTION), ApiServerCases.on("cp1", ""))) {
      for (var step :
          List.<Step<Target.OnHost>>of(
              new EncryptionKnown(), new EncryptionUsed(), new SecretsRewritten())) {
        assertThat(step.probes(target).questions()).isEmpty();
        assertThat(step.needs(target)).isEmpty();
        assertThat(step.provides(target)).isEmpty();
      }
    }
  }
}
