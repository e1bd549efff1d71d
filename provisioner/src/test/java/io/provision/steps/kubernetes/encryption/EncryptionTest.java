package io.provision.steps.kubernetes.encryption;

import static io.provision.steps.kubernetes.Cases.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Sha256;
import io.provision.remote.Handoff;
import io.provision.remote.Script;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A key is made once, is handed on, and is never lost to a run of ours. */
@ParameterizedClass
@EnumSource(EncryptionCases.class)
class EncryptionTest {
  @Parameter EncryptionCases with;

  private static final Sha256 OURS = Sha256.of(new byte[] {1});
  private static final Sha256 OTHER = Sha256.of(new byte[] {2});
  private static final String SECTION = "encryption: { provider: secretbox }";
  private static final String LIVES = "member=yes\nmade=yes\n";
  private static final String HAS_OURS =
      "ours=yes\nentry=secretbox:first %s\nentry=identity\n".formatted(OURS);
  private static final String HAS_OTHER = HAS_OURS.replace(OURS.toString(), OTHER.toString());
  private static final String NONE = "";

  private Encryption step() {
    return new Encryption(with.distributions);
  }

  private Check check(String host, String section, String look, String file, Cases.Settled known) {
    return check(host, section, look, file, 0600, known);
  }

  private Check check(
      String host, String section, String look, String file, int mode, Cases.Settled known) {
    return check(with.on(host, section), look, file, mode, known);
  }

  private Check check(
      Target.OnHost target, String look, String file, int mode, Cases.Settled known) {
    var state = file.isEmpty() ? FileState.ABSENT : EncryptionCases.file(mode);
    var seen =
        new Observations.Builder()
            .put(with.keys.look(), Cases.read(with.keys.look(), look))
            .put(with.keys.file(), Cases.read(with.keys.file(), file))
            .put(with.keys.state(), state)
            .put(Files.at(with.keys.folder().path()), EncryptionCases.folder())
            .build();
    return step().check(target, seen, known);
  }

  private HeldKey held(String file, boolean encrypts) {
    return new HeldKey(Cases.read(with.keys.file(), file).entries(), encrypts);
  }

  private Host host(String name) {
    return EncryptionCases.host(name, with.inventory(SECTION));
  }

  /** Nobody has begun a cluster. */
  private Cases.Settled fresh() {
    var inventory = with.inventory(SECTION);
    var known = new Cases.Settled();
    for (var server : Nodes.servers(inventory)) {
      known = known.has(server, Nodes.STATE, state(false, false));
      known = known.has(server, HeldKey.OUTPUT, held(NONE, false));
    }
    return known;
  }

  /** The second control plane holds the cluster, and a key. */
  private Cases.Settled livingOnTheSecond() {
    var second = host("cp2");
    return fresh()
        .has(second, Nodes.STATE, state(true, true))
        .has(second, HeldKey.OUTPUT, held(HAS_OURS, true));
  }

  /** All three hold the cluster, and none a key. */
  private Cases.Settled livingInPlain() {
    var known = fresh();
    for (var server : Nodes.servers(with.inventory(SECTION))) {
      known = known.has(server, Nodes.STATE, state(true, true));
    }
    return known;
  }

  private static List<Script> scripts(Check check) {
    return ((Repair.OnHost) ((Check.Drift) check).repair()).scripts();
  }

  private static String refused(Check check) {
    assertThat(check).isInstanceOf(Check.Refused.class);
    return check.toString();
  }

  @Test
  void theControlPlaneThatBeginsMakesIt() {
    var made = check("cp1", SECTION, "", NONE, fresh());
    assertThat(scripts(made))
        .singleElement()
        .satisfies(it -> assertThat(it.payloads()).isEmpty())
        .satisfies(it ->
            assertThat(it.toString())
                .contains("arrange_encryption", "begin", "secretbox", "first"));
    assertThat(((Check.Drift) made).changes())
        .allSatisfy(it -> assertThat(it.detail()).isInstanceOf(Change.Detail.Hidden.class));
    assertThat(check("cp1", SECTION, "", HAS_OURS, fresh()))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it ->
                assertThat(it.observed().values())
                    .containsEntry(HeldKey.HAS, held(HAS_OURS, false)));
  }

  @Test
  void noneIsMadeWhereAClusterCouldBeElsewhere() {
    var unseen = fresh().never(host("cp2"), Nodes.STATE);
    assertThat(refused(check("cp1", SECTION, "", NONE, unseen))).contains("cp2");
    assertThat(refused(check("cp2", SECTION, "", NONE, fresh()))).contains("cp1");
  }

  @Test
  void anotherControlPlaneGetsItHandedOver() {
    var first = host("cp1");
    var known = fresh().has(first, HeldKey.HAS, held(HAS_OURS, true));
    var payloads = scripts(check("cp2", SECTION, "", NONE, known)).getFirst().payloads();
    assertThat(payloads)
        .singleElement()
        .isInstanceOfSatisfying(
            Handoff.Kept.class, it -> assertThat(it.from().value()).isEqualTo("cp1"));
    assertThat(check("cp2", SECTION, "", HAS_OURS, known)).isInstanceOf(Check.InSync.class);
    assertThat(refused(check("cp2", SECTION, "", HAS_OTHER, known)))
        .contains("another key than on cp1");
  }

  @Test
  void aFirstControlPlaneThatWasMadeAnewTakesTheOneOfTheLivingCluster() {
    var taken = check("cp1", SECTION, "", NONE, livingOnTheSecond());
    assertThat(scripts(taken).getFirst().payloads())
        .singleElement()
        .isInstanceOfSatisfying(
            Handoff.Kept.class, it -> assertThat(it.from().value()).isEqualTo("cp2"));
  }

  /** What cost people their Secrets (kubernetes-sigs/kubespray#4196, #10459). */
  @Test
  void oneThatIsGoneIsNeverMadeAnew() {
    for (var look : List.of(with.encrypts(), with.encrypts().replace("member=yes\n", ""))) {
      assertThat(refused(check("cp1", SECTION, look, NONE, fresh())))
          .as(look)
          .contains("is gone", "put it back");
    }
    assertThat(refused(check("cp1", SECTION, "member=yes\n", NONE, fresh())))
        .contains("no whole configuration", "put " + with.keys.path() + " back");
    assertThat(scripts(check("cp1", SECTION, with.encrypts(), NONE, livingOnTheSecond())))
        .as("another control plane still has it; what runs has not loaded that yet")
        .satisfiesExactly(
            it -> assertThat(it.payloads()).hasSize(1),
            it -> assertThat(it.call().arguments()).startsWith(with.keys.path(), "mark"));
  }

  /** What its API server has, what the file holds, the inventory's provider; then what is said. */
  @ParameterizedTest
  @CsvSource({
    "encrypts, 'entry=secretbox:first KEY', '', no Secret of the cluster could be read",
    "encrypts, 'entry=aescbc:key1 KEY', secretbox, was not made here",
    "'', 'ours=yes;entry=secretbox:first KEY', aescbc, never written over",
    "'', 'ours=yes', secretbox, there is no key in it"
  })
  void whatCouldLoseSecretsIsRefused(String has, String file, String wanted, String what) {
    var section = wanted.isEmpty() ? "" : "encryption: { provider: %s }".formatted(wanted);
    var text = file.replace("KEY", OURS.toString()).replace(';', '\n');
    assertThat(refused(check("cp1", section, has.isEmpty() ? "" : with.encrypts(), text, fresh())))
        .contains(what);
  }

  @Test
  void aClusterThatLivesInPlainGetsItBehindWhatIsWrittenWith() {
    var added = check("cp1", SECTION, LIVES, NONE, livingInPlain());
    assertThat(scripts(added))
        .singleElement()
        .satisfies(it ->
            assertThat(it.call().arguments())
                .containsExactly(with.keys.path(), "add", "secretbox", "first"));
    assertThat(((Check.Drift) added).changes().toString())
        .contains("identity", "and secretbox key 'first'");
    var rolled =
        check(
            "cp1",
            "encryption: { provider: secretbox, key: second }",
            with.encrypts(),
            HAS_OURS,
            livingInPlain());
    assertThat(scripts(rolled).getFirst().call().arguments())
        .containsExactly(with.keys.path(), "add", "secretbox", "second");
  }

  @Test
  void theFirstThatLivesMakesItAndTheOthersTakeIt() {
    var known =
        livingInPlain().has(host("cp1"), HeldKey.HAS, held("entry=identity\n" + HAS_OURS, false));
    assertThat(scripts(check("cp2", SECTION, LIVES, NONE, known)).getFirst().payloads())
        .singleElement()
        .isInstanceOf(Handoff.Kept.class);
    assertThat(
            refused(
                check(
                    "cp2", SECTION, LIVES, NONE, livingInPlain().never(host("cp1"), HeldKey.HAS))))
        .contains("cp1 comes before it and did not get the key");
    var lost = livingInPlain().has(host("cp1"), Nodes.STATE, state(false, false));
    assertThat(refused(check("cp1", SECTION, "", NONE, lost))).contains("one of them makes it");
    assertThat(scripts(check("cp2", SECTION, LIVES, NONE, lost.never(host("cp1"), HeldKey.HAS))))
        .as("one that never held the cluster made none")
        .hasSize(1);
  }

  @Test
  void keysThatOthersDoNotHaveAreNotWrittenOver() {
    var section = "encryption: { provider: secretbox, key: second }";
    var both = "ours=yes\nentry=secretbox:second %s\n".formatted(OTHER) + HAS_OURS;
    var known = livingInPlain().has(host("cp1"), HeldKey.HAS, held(both, true));
    assertThat(scripts(check("cp2", section, with.encrypts(), HAS_OURS, known)))
        .satisfiesExactly(
            it -> assertThat(it.payloads()).hasSize(1),
            it ->
                assertThat(it.call().arguments())
                    .containsExactly(with.keys.path(), "mark", "secretbox", "second"));
    assertThat(refused(check("cp2", section, with.encrypts(), HAS_OTHER, known)))
        .contains("another key than on cp1");
  }

  /** The API server of one that has lost its file still writes with what was in it. */
  @Test
  void noKeyIsMadeWhileAnotherHasLostTheOneInUse() {
    var known = livingInPlain().has(host("cp2"), HeldKey.OUTPUT, held(NONE, true));
    assertThat(refused(check("cp1", SECTION, LIVES, NONE, known))).contains("is gone");
  }

  /** It would wait for ever for what that one does not say. */
  @Test
  void anApiServerThatDoesNotSayWhatItHasInUseGetsNoOtherKey() {
    var old = with.inventory("v1.33.4", "encryption: { provider: secretbox, key: second }");
    var target = new Target.OnHost(EncryptionCases.host("cp1", old), old);
    for (var file : List.of(NONE, HAS_OURS)) {
      assertThat(
              refused(
                  check(
                      target,
                      file.isEmpty() ? LIVES : with.encrypts(),
                      file,
                      0600,
                      livingInPlain())))
          .contains("an API server of v1.33.4", "does not say", "v1.34");
    }
    var has = HAS_OURS.replace("first", "second");
    assertThat(check(target, with.encrypts(), has, 0600, livingInPlain()))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void whereTheInventoryNamesNoKeyTheOneThatIsThereIsMeant() {
    var rolled = HAS_OURS.replace("first", "by-hand");
    assertThat(check("cp1", SECTION, with.encrypts(), rolled, livingInPlain()))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void itCanBeTakenOutOnceAllIsPlain() {
    var plain = "ours=yes\nentry=identity\n";
    assertThat(check("cp1", "", with.encrypts(), plain, fresh())).isInstanceOf(Check.InSync.class);
    assertThat(refused(check("cp1", "", with.encrypts(), plain + "changing=yes\n", fresh())))
        .contains("provider: identity");
  }

  @Test
  void itIsForRootAlone() {
    var check = check("cp1", SECTION, with.encrypts(), HAS_OURS, 0644, fresh());
    assertThat(scripts(check))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.payloads()).isEmpty();
          assertThat(it.call().arguments())
              .containsExactly(with.keys.path(), "0600", "root", "root");
        });
  }

  @Test
  void whereNothingIsEncryptedNothingIsAskedForAndAWorkerHasNoKey() {
    assertThat(check("cp1", "", LIVES, NONE, fresh())).isInstanceOf(Check.InSync.class);
    var worker = with.on("w1", SECTION);
    assertThat(step().probes(worker).questions()).isEmpty();
    assertThat(step().needs(worker)).isEmpty();
    assertThat(step().provides(worker)).isEmpty();
  }
}
