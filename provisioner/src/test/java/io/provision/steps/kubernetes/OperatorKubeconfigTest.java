package io.provision.steps.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskQuestion;
import io.provision.model.Host;
import io.provision.model.Sha256;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Target;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OperatorKubeconfigTest {
  private static final Sha256 CA = Sha256.of(new byte[] {1});
  private static final Sha256 CLIENT = Sha256.of(new byte[] {2});
  private static final String URL = "https://10.0.0.1:6443";

  private final Host cp1 = Cases.server(1);

  private Check check(Optional<DeskQuestion.Entry> entry, String... names) {
    var known =
        new Cases.Settled()
            .address(cp1)
            .has(cp1, Nodes.CREDENTIALS, new ServerCredentials(CA, CLIENT, Set.of(names)));
    var seen =
        new Observations.Builder()
            .put(new DeskQuestion.KubeconfigEntry(Path.of("/home/op/.kube/config"), "home"), entry)
            .build();
    return new OperatorKubeconfig(new TestDistribution().alone())
        .check(new Target.OnDesk(Cases.inventory(cp1)), seen, known);
  }

  private static Optional<DeskQuestion.Entry> entry(
      String url, Sha256 authority, boolean isPrivate, boolean ours) {
    return Optional.of(new DeskQuestion.Entry(url, authority, CLIENT, isPrivate, ours));
  }

  @Test
  void whatIsRightNeedsNoKey() {
    assertThat(check(entry(URL, CA, true, true), "10.0.0.1")).isInstanceOf(Check.InSync.class);
  }

  @Test
  void anotherAddressAuthorityOrModeIsMended() {
    assertThat(check(Optional.empty(), "10.0.0.1")).isInstanceOf(Check.Drift.class);
    assertThat(check(entry("https://127.0.0.1:6443", CA, true, true), "10.0.0.1"))
        .isInstanceOf(Check.Drift.class);
    assertThat(check(entry(URL, CLIENT, true, true), "10.0.0.1")).isInstanceOf(Check.Drift.class);
    assertThat(check(entry(URL, CA, false, true), "10.0.0.1")).isInstanceOf(Check.Drift.class);
  }

  @Test
  void aContextOfAnotherClusterIsNotTaken() {
    assertThat(check(entry(URL, CLIENT, true, false), "10.0.0.1"))
        .isInstanceOf(Check.Refused.class);
  }

  @Test
  void anAddressThatTheCertificateDoesNotNameIsSaidBeforeItIsWritten() {
    assertThat(check(Optional.empty(), "cp1", "127.0.0.1"))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("is not for 10.0.0.1"));
  }

  private Check ofTwo(Cases.Settled known, String url, Sha256 certificate) {
    var entry = Optional.of(new DeskQuestion.Entry(url, CA, certificate, true, true));
    var seen =
        new Observations.Builder()
            .put(new DeskQuestion.KubeconfigEntry(Path.of("/home/op/.kube/config"), "home"), entry)
            .build();
    var target = new Target.OnDesk(Cases.inventory(cp1, Cases.server(2)));
    return new OperatorKubeconfig(new TestDistribution().alone()).check(target, seen, known);
  }

  @Test
  void aServerThatIsGoneIsLeftAndItsReturnChangesNothing() {
    var cp2 = Cases.server(2);
    var other = Sha256.of(new byte[] {3});
    var second = new ServerCredentials(CA, other, Set.of());
    var withoutFirst =
        new Cases.Settled()
            .address(cp2)
            .never(cp1, Nodes.CREDENTIALS)
            .has(cp2, Nodes.CREDENTIALS, second);
    var both =
        new Cases.Settled()
            .address(cp1, cp2)
            .has(cp1, Nodes.CREDENTIALS, new ServerCredentials(CA, CLIENT, Set.of()))
            .has(cp2, Nodes.CREDENTIALS, second);

    assertThat(ofTwo(withoutFirst, URL, CLIENT))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift -> assertThat(drift.changes().toString()).contains("https://10.0.0.2:6443"));
    assertThat(ofTwo(withoutFirst, "https://10.0.0.2:6443", other))
        .isInstanceOf(Check.InSync.class);
    assertThat(ofTwo(both, "https://10.0.0.2:6443", other)).isInstanceOf(Check.InSync.class);
    assertThat(ofTwo(both, URL, CLIENT)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void aCertificateThatAnyServerSignedIsRight() {
    var cp2 = Cases.server(2);
    var other = Sha256.of(new byte[] {3});
    var both =
        new Cases.Settled()
            .address(cp1, cp2)
            .has(cp1, Nodes.CREDENTIALS, new ServerCredentials(CA, CLIENT, Set.of()))
            .has(cp2, Nodes.CREDENTIALS, new ServerCredentials(CA, other, Set.of()));

    assertThat(ofTwo(both, URL, other)).isInstanceOf(Check.InSync.class);
    assertThat(ofTwo(both, URL, Sha256.of(new byte[] {4}))).isInstanceOf(Check.Drift.class);
  }

  /** The plan is the truth: the run that it announces starts the server that is named. */
  @Test
  void aServerThatTheSameRunStartsIsNotLeftByThePlan() {
    var cp2 = Cases.server(2);
    var second = new ServerCredentials(CA, Sha256.of(new byte[] {3}), Set.of());
    var firstToBeStarted =
        new Cases.Settled().address(cp1, cp2).has(cp2, Nodes.CREDENTIALS, second);

    assertThat(ofTwo(firstToBeStarted, URL, CLIENT))
        .isInstanceOfSatisfying(
            Check.Unknown.class,
            unknown -> assertThat(unknown.awaiting()).isEqualTo("'server-credentials' on cp1"));
    assertThat(ofTwo(firstToBeStarted, "https://10.0.0.2:6443", second.clientCertificate()))
        .as("what it names is up")
        .isInstanceOf(Check.InSync.class);
  }
}
