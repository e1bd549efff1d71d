package io.provision.steps.kubeadm.apiserver;

import static io.provision.steps.kubernetes.Cases.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Sha256;
import io.provision.remote.Handoff;
import io.provision.remote.Script;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.kubeadm.KubeadmCases;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A key is made once, is handed on, and is never lost to a run of ours. */
class KubeadmEncryptionTest {
  private static final KubeadmEncryption STEP =
      new KubeadmEncryption(Distributions.of(List.of(new KubeadmDistribution())));
  private static final Sha256 OURS = Sha256.of(new byte[] {1});
  private static final Sha256 OTHER = Sha256.of(new byte[] {2});
  private static final String SECTION = "encryption: { provider: secretbox }";
  private static final String LIVES = "member=yes\nmade=yes\n";
  private static final String ENCRYPTS =
      LIVES + "option encryption-provider-config=/etc/kubernetes/encryption/config.yaml\n";
  private static final String OF_SECRETBOX = "provider=secretbox\n";

  private Check check(
      String host, String section, String look, FileState file, Cases.Settled known) {
    var seen =
        new Observations.Builder()
            .put(ApiServerLook.QUESTION, Cases.read(ApiServerLook.QUESTION, look))
            .put(EncryptionKey.LOOK, file)
            .put(Files.at(EncryptionKey.FOLDER.path()), ApiServerCases.directory(0700))
            .build();
    return STEP.check(ApiServerCases.on(host, section), seen, known);
  }

  private static FileState file(Sha256 digest) {
    return ApiServerCases.file(0600, digest, Optional.empty());
  }

  /** Nobody has begun a cluster. */
  private static Cases.Settled fresh() {
    var inventory = KubeadmCases.inventory(SECTION);
    var known = new Cases.Settled();
    for (var server : Nodes.servers(inventory)) {
      known = known.has(server, Nodes.STATE, state(false, false));
      known = known.has(server, HeldKey.OUTPUT, new HeldKey(Optional.empty()));
    }
    return known;
  }

  /** The second control plane holds the cluster, and a key. */
  private static Cases.Settled livingOnTheSecond() {
    var second = KubeadmCases.host("cp2", KubeadmCases.inventory(SECTION));
    return fresh()
        .has(second, Nodes.STATE, state(true, true))
        .has(second, HeldKey.OUTPUT, new HeldKey(Optional.of(OURS)));
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
    var made = check("cp1", SECTION, "", FileState.ABSENT, fresh());
    assertThat(scripts(made))
        .singleElement()
        .satisfies(it -> assertThat(it.payloads()).isEmpty())
        .satisfies(it -> assertThat(it.toString()).contains("make_encryption_key"));
    assertThat(((Check.Drift) made).changes())
        .allSatisfy(it -> assertThat(it.detail()).isInstanceOf(Change.Detail.Hidden.class));
    assertThat(check("cp1", SECTION, OF_SECRETBOX, file(OURS), fresh()))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it ->
                assertThat(it.observed().values())
                    .containsEntry(EncryptionKey.OUTPUT, new EncryptionKey(OURS)));
  }

  @Test
  void noneIsMadeWhereAClusterCouldBeElsewhere() {
    var unseen =
        fresh().never(KubeadmCases.host("cp2", KubeadmCases.inventory(SECTION)), Nodes.STATE);
    assertThat(refused(check("cp1", SECTION, "", FileState.ABSENT, unseen))).contains("cp2");
    assertThat(refused(check("cp2", SECTION, "", FileState.ABSENT, fresh()))).contains("cp1");
  }

  @Test
  void anotherControlPlaneGetsItHandedOver() {
    var first = KubeadmCases.host("cp1", KubeadmCases.inventory(SECTION));
    var known = fresh().has(first, EncryptionKey.OUTPUT, new EncryptionKey(OURS));
    var payloads =
        scripts(check("cp2", SECTION, "", FileState.ABSENT, known)).getFirst().payloads();
    assertThat(payloads)
        .singleElement()
        .isInstanceOfSatisfying(
            Handoff.Kept.class, it -> assertThat(it.from().value()).isEqualTo("cp1"));
    assertThat(check("cp2", SECTION, OF_SECRETBOX, file(OURS), known))
        .isInstanceOf(Check.InSync.class);
    assertThat(refused(check("cp2", SECTION, OF_SECRETBOX, file(OTHER), known)))
        .contains("another key than on cp1");
  }

  @Test
  void aFirstControlPlaneThatWasMadeAnewTakesTheOneOfTheLivingCluster() {
    var taken = check("cp1", SECTION, "", FileState.ABSENT, livingOnTheSecond());
    assertThat(scripts(taken).getFirst().payloads())
        .singleElement()
        .isInstanceOfSatisfying(
            Handoff.Kept.class, it -> assertThat(it.from().value()).isEqualTo("cp2"));
  }

  /** What cost people their Secrets (kubernetes-sigs/kubespray#4196, #10459). */
  @Test
  void oneThatIsGoneIsNeverMadeAnew() {
    for (var look : List.of(ENCRYPTS, "member=yes\n", ENCRYPTS.replace("member=yes\n", ""))) {
      assertThat(refused(check("cp1", SECTION, look, FileState.ABSENT, fresh())))
          .as(look)
          .contains("is gone", "put it back");
    }
    assertThat(scripts(check("cp1", SECTION, ENCRYPTS, FileState.ABSENT, livingOnTheSecond())))
        .as("another control plane still has it")
        .allSatisfy(it -> assertThat(it.payloads()).hasSize(1));
  }

  /** What its API server has, what the file is for, the inventory's provider; then what is said. */
  @ParameterizedTest
  @CsvSource({
    "encrypts, secretbox, '', no Secret of the cluster could be read",
    "lives, '', secretbox, lives without",
    "encrypts, secretbox, aescbc, set it back to 'provider: secretbox'",
    "'', secretbox, aescbc, never written over",
    "'', unknown, secretbox, names no provider"
  })
  void whatALivingClusterHasIsNotChanged(String has, String of, String wanted, String what) {
    var look = has.equals("encrypts") ? ENCRYPTS : has.equals("lives") ? LIVES : "";
    var section = wanted.isEmpty() ? "" : "encryption: { provider: %s }".formatted(wanted);
    var file = of.isEmpty() ? FileState.ABSENT : file(OURS);
    assertThat(refused(check("cp1", section, look + "provider=" + of + "\n", file, fresh())))
        .contains(what);
  }

  @Test
  void itIsForRootAlone() {
    var open = ApiServerCases.file(0644, OURS, Optional.empty());
    var check = check("cp1", SECTION, ENCRYPTS + OF_SECRETBOX, open, fresh());
    assertThat(scripts(check))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.payloads()).isEmpty();
          assertThat(it.call().arguments())
              .containsExactly(EncryptionKey.FILE, "0600", "root", "root");
        });
  }

  @Test
  void whereNothingIsEncryptedNothingIsAskedForAndAWorkerHasNoKey() {
    assertThat(check("cp1", "", LIVES, FileState.ABSENT, fresh())).isInstanceOf(Check.InSync.class);
    var worker = ApiServerCases.on("w1", SECTION);
    assertThat(STEP.probes(worker).questions()).isEmpty();
    assertThat(STEP.needs(worker)).isEmpty();
    assertThat(STEP.provides(worker)).isEmpty();
  }
}
