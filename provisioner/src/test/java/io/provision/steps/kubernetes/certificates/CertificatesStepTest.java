package io.provision.steps.kubernetes.certificates;

import static io.provision.steps.kubernetes.certificates.AuthorityCases.CERTIFICATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.remote.Call;
import io.provision.remote.Shells;
import io.provision.resource.LocalHost;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.StatusView;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubeadm.KubeadmCases;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.registration.Registration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which certificates are renewed, on which node, and when not. */
final class CertificatesStepTest {
  private static final Instant END = Instant.parse("2027-11-28T13:14:35Z");
  private static final Distributions DISTRIBUTIONS =
      Distributions.of(List.of(new K3sDistribution(), new KubeadmDistribution()));
  private static final CertificatesStep STEP = new CertificatesStep(DISTRIBUTIONS);
  private static final String TLS = "var/lib/rancher/k3s/server/tls/";

  /** Self-signed, until {@link #END}. */
  private static final String KEY =
      "-----BEGIN EC PRIVATE KEY-----\nY2FuYXJ5\n-----END EC PRIVATE KEY-----\n";

  /** Every unit that is asked for, as systemctl(1) shows it. */
  private static final String RUNS =
      "for unit do :; done; printf 'Id=%s\\nLoadState=loaded\\nActiveState=active\\nSubState=running\\n' \"$unit\"";

  @TempDir Path root;

  private final Host cp1 = Cases.server(1);
  private final Host cp2 = Cases.server(2);
  private final Host w1 = Cases.agent(1);
  private final Host w2 = Cases.agent(2);
  private final Inventory inventory = Cases.inventory(cp1, cp2, w1, w2);

  static List<List<String>> shells() {
    return Shells.here();
  }

  @BeforeEach
  void node() throws IOException {
    write(TLS + "client-admin.crt", CERTIFICATE);
    write(TLS + "server-ca.crt", CERTIFICATE);
    write("var/lib/rancher/k3s/agent/client-kubelet.crt", CERTIFICATE + CERTIFICATE + KEY);
  }

  private void write(String path, String content) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** A host whose clock is so many days before the end of the certificate. */
  private LocalHost host(int days) {
    var now = END.minus(Duration.ofDays(days)).getEpochSecond();
    return new LocalHost(root)
        .below(root)
        .program("date", "echo " + now)
        .program("systemctl", RUNS);
  }

  private Check check(Host on, Inventory in, LocalHost host, Cases.Settled known) {
    var target = Cases.on(on, in);
    return STEP.check(target, host.look(STEP.probes(target)), known);
  }

  private Check check(Host on, int days, Cases.Settled known) {
    return check(on, inventory, host(days), known);
  }

  private Cases.Settled well() {
    return new Cases.Settled()
        .has(cp1, Nodes.STATE, Cases.state(true, true))
        .has(cp2, Nodes.STATE, Cases.state(true, true))
        .has(cp1, Nodes.SERVER_UP, true);
  }

  private static List<String> subjects(Check check) {
    return ((Check.Drift) check).changes().stream().map(Change::subject).toList();
  }

  private static List<Call> calls(Check check) {
    return ((Repair.OnHost) ((Check.Drift) check).repair())
        .scripts().stream().map(script -> script.call()).toList();
  }

  @Test
  void onlyWhatEndsWithinNinetyDaysAndCanBeRenewedIs() {
    assertThat(check(cp1, 91, well())).isInstanceOf(Check.InSync.class);
    var due = check(cp1, 89, well());
    assertThat(subjects(due))
        .containsExactly(
            "/" + TLS + "client-admin.crt",
            "/var/lib/rancher/k3s/agent/client-kubelet.crt",
            "unit k3s.service");
    assertThat(((Check.Drift) due).changes().toString()).contains("2027-11-28");
    assertThat(calls(due)).hasSize(2);
    assertThat(calls(due).getFirst().arguments())
        .containsExactly(
            "k3s.service",
            "/" + TLS + "client-admin.crt",
            "/var/lib/rancher/k3s/agent/client-kubelet.crt");
  }

  @Test
  void aNodeThatIsNotThereYetHasNothingToRenew() throws IOException {
    var empty = Files.createDirectories(root.resolve("empty"));
    var host = new LocalHost(empty).below(empty).program("systemctl", RUNS);
    assertThat(check(cp1, inventory, host, new Cases.Settled())).isInstanceOf(Check.InSync.class);
  }

  /** As where a system was installed anew and the data of k3s were kept: its start renews them. */
  @Test
  void whatIsFoundBeforeThereIsAUnitIsRenewedByItsFirstStart() {
    var without = host(30).program("systemctl", "printf 'Id=k3s.service\\nLoadState=not-found\\n'");
    assertThat(check(cp1, inventory, without, well())).isInstanceOf(Check.InSync.class);
  }

  @Test
  void aHostThatDoesNotSayWhatItHasIsNotTakenForOneThatIsFine() {
    var silent = host(30).program("date", "exit 1");
    assertThat(check(cp1, inventory, silent, well())).isInstanceOf(Check.Refused.class);
    var garbage = host(30).program("date", "head -c 100000 /dev/zero | tr '\\0' 9");
    assertThat(check(cp1, inventory, garbage, well())).isInstanceOf(Check.Refused.class);
    var look = new CertificatesLook(DISTRIBUTIONS);
    var target = Cases.on(cp1, inventory);
    var check = look.check(target, silent.look(look.probes(target)), new Cases.Settled());
    var seen =
        new StatusView.Seen(
            Map.of(cp1.name(), ((Check.InSync) check).observed()),
            Optional.empty(),
            false,
            Map.of());
    assertThat(new CertificatesView(DISTRIBUTIONS).ending(inventory, seen, Duration.ZERO))
        .hasSize(new K3sDistribution().certificates().of(cp1).size());
  }

  @Test
  void aServerIsNotRestartedWhileAnotherIsNotWell() {
    var known = well().has(cp2, Nodes.STATE, Cases.state(true, false));
    assertThat(check(cp1, 89, known))
        .isInstanceOfSatisfying(
            Check.Refused.class, refused -> assertThat(refused.what()).contains("cp2"));
  }

  @Test
  void whatHasEndedIsRenewedAlthoughNoServerAnswers() {
    var known =
        new Cases.Settled()
            .has(cp1, Nodes.STATE, Cases.state(true, false))
            .has(cp2, Nodes.STATE, Cases.state(true, false));
    assertThat(check(cp1, 1, known)).isInstanceOf(Check.Refused.class);
    assertThat(check(cp1, 0, known)).isInstanceOf(Check.Drift.class);
    assertThat(check(cp1, -3, known)).isInstanceOf(Check.Drift.class);
  }

  @Test
  void agentsComeOneAfterAnotherAndAFailureStopsThoseBehindIt() {
    var target = Cases.on(w2, inventory);
    assertThat(STEP.needs(target).toString()).contains("w1").contains("agent-up");
    var failed = well().has(w1, Nodes.STATE, Cases.state(false, false)).never(w1, Nodes.AGENT_UP);
    assertThat(check(w2, 89, failed)).isInstanceOf(Check.Refused.class);
    assertThat(check(w1, 89, failed)).isInstanceOf(Check.Drift.class);
    var unreachable = well().never(w1, Nodes.STATE).never(w1, Nodes.AGENT_UP);
    assertThat(check(w2, 89, unreachable)).isInstanceOf(Check.Drift.class);
  }

  /** That an API server is up is known of one that is still to be restarted. */
  @Test
  void whoComesLaterWaitsForWhoComesBeforeToBeRenewed() {
    var before = Need.someSoFar(CertificatesStep.RENEWED, List.of(cp1));
    assertThat(STEP.needs(Cases.on(cp2, inventory))).contains(before);
    assertThat(STEP.needs(Cases.on(w1, inventory)))
        .contains(Need.someSoFar(CertificatesStep.RENEWED, List.of(cp1, cp2)));
    assertThat(check(cp1, 91, well()))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it -> assertThat(it.observed().values()).containsEntry(CertificatesStep.RENEWED, true));
    var failed = well().never(cp1, CertificatesStep.RENEWED);
    assertThat(check(cp2, 89, failed)).isInstanceOf(Check.Refused.class);
    assertThat(check(w1, 89, failed)).isInstanceOf(Check.Refused.class);
    assertThat(check(cp2, -3, failed)).as("what has ended").isInstanceOf(Check.Drift.class);
  }

  @Test
  void aServerIsWaitedForUnlessItsCertificatesHaveEnded() {
    assertThat(functions(check(cp1, 89, well())))
        .containsExactly("renew_by_restart", "await_k3s_unit");
    assertThat(functions(check(cp1, -3, well()))).containsExactly("renew_by_restart");
  }

  private static List<String> functions(Check check) {
    return ((Repair.OnHost) ((Check.Drift) check).repair())
        .scripts().stream().map(script -> script.call().function().name()).toList();
  }

  @Test
  void aFileWithoutACertificateIsSaidAndHindersNothing() throws IOException {
    write(TLS + "client-scheduler.crt", "-----BEGIN CERTIFICATE-----\n%%%\n");
    assertThat(check(cp1, 91, well()).notes()).hasSize(1);
    assertThat(check(cp1, 91, well()).notes().getFirst()).contains("client-scheduler.crt");
    assertThat(check(cp1, 89, well())).isInstanceOf(Check.Drift.class);
  }

  @Test
  void aFileThatLooksLikeTwoLeavesNoneKnown() throws IOException {
    write(TLS + "client-scheduler.crt", CERTIFICATE + "==> x <==\n" + CERTIFICATE);
    assertThat(check(cp1, 89, well())).isInstanceOf(Check.InSync.class);
    assertThat(check(cp1, 89, well()).notes()).hasSize(4);
  }

  @Test
  void kubeadmRenewsItsOwnByNameAndItsWorkersHaveNone() throws IOException {
    var kubeadm = KubeadmCases.inventory("");
    write("etc/kubernetes/pki/etcd/peer.crt", CERTIFICATE);
    write("etc/kubernetes/pki/ca.crt", CERTIFICATE);
    var text = Base64.getEncoder().encodeToString(CERTIFICATE.getBytes(StandardCharsets.UTF_8));
    write(
        "etc/kubernetes/admin.conf",
        "users:\n- user:\n    client-certificate-data: %s\n    client-key-data: Y2FuYXJ5\n"
            .formatted(text));
    write("var/lib/kubelet/pki/kubelet-client-current.pem", CERTIFICATE + KEY);
    var on = KubeadmCases.host("cp1", kubeadm);
    assertThat(check(on, kubeadm, host(91), new Cases.Settled())).isInstanceOf(Check.InSync.class);
    var due = check(on, kubeadm, host(30), new Cases.Settled());
    assertThat(calls(due).getFirst().arguments())
        .containsExactly(
            "/etc/kubernetes/provision/init.yaml",
            "/etc/kubernetes/provision/renewing",
            "etcd-peer",
            "admin.conf");
    var worker = KubeadmCases.host("w1", kubeadm);
    assertThat(check(worker, kubeadm, host(30), new Cases.Settled()))
        .isInstanceOf(Check.InSync.class);
  }

  /** As a machine that was off for a year: its kubelet cannot ask for another one any more. */
  @Test
  void aKubeletThatWasOffForTooLongIsRefusedWithTheWayBack() throws IOException {
    var kubeadm = KubeadmCases.inventory("");
    write("var/lib/kubelet/pki/kubelet-client-current.pem", CERTIFICATE + KEY);
    for (var name : List.of("cp1", "w1")) {
      var on = KubeadmCases.host(name, kubeadm);
      assertThat(kubelet(on, kubeadm, host(1))).isInstanceOf(Check.InSync.class);
      assertThat(kubelet(on, kubeadm, host(0)))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it -> {
                assertThat(it.what())
                    .contains("ended on 2027-11-28", "kubelet-client-current.pem", "off or cut");
                assertThat(it.remedy())
                    .contains(
                        "kubeadm kubeconfig user",
                        "--client-name system:node:" + name,
                        "provision remove");
              });
    }
  }

  /** What is there need not be what it logs in by. */
  @Test
  void aKubeletThatIsHeardOfIsNotRefusedForAFileThatHasEnded() throws IOException {
    var kubeadm = KubeadmCases.inventory("");
    var on = KubeadmCases.host("w1", kubeadm);
    write("var/lib/kubelet/pki/kubelet-client-current.pem", CERTIFICATE + KEY);
    var step = new KubeletCertificate(DISTRIBUTIONS);
    var target = Cases.on(on, kubeadm);
    for (var told : Registration.values()) {
      var seen = new Observations.Builder();
      for (var question : step.probes(target).questions()) {
        var answer =
            switch (question.kind().function().name()) {
              case "node_registration" ->
                  told.name().toLowerCase(java.util.Locale.ROOT).replace("untold", "");
              case "look_certificates" ->
                  host(-3).run(Call.of(SeenCertificates.LOOK, words(question))).output();
              default -> "Id=kubelet.service\nLoadState=loaded\n";
            };
        var _ = answered(question, answer, seen);
      }
      assertThat(step.check(target, seen.build(), new Cases.Settled()))
          .as(told.name())
          .isInstanceOf(told == Registration.PRESENT ? Check.InSync.class : Check.Refused.class);
    }
  }

  private static String[] words(Question<?> question) {
    return question.arguments().toArray(String[]::new);
  }

  private static <A> Observations.Builder answered(
      Question<A> question, String output, Observations.Builder into) {
    return into.put(question, Cases.read(question, output));
  }

  @Test
  void aHostWithoutAKubeletHasNoneThatEnded() throws IOException {
    var kubeadm = KubeadmCases.inventory("");
    write("var/lib/kubelet/pki/kubelet-client-current.pem", CERTIFICATE + KEY);
    var without =
        host(-3).program("systemctl", "printf 'Id=kubelet.service\\nLoadState=not-found\\n'");
    var on = KubeadmCases.host("w1", kubeadm);
    assertThat(kubelet(on, kubeadm, without)).isInstanceOf(Check.InSync.class);
    assertThat(new KubeletCertificate(DISTRIBUTIONS).probes(Cases.on(w1, inventory)).questions())
        .as("k3s renews it whenever it starts")
        .isEmpty();
  }

  private static Check kubelet(Host on, Inventory in, LocalHost host) {
    var target = Cases.on(on, in);
    var step = new KubeletCertificate(DISTRIBUTIONS);
    return step.check(target, host.look(step.probes(target)), new Cases.Settled());
  }

  @Test
  void whatARunDidNotEndIsEndedAlthoughAllIsNew() throws IOException {
    var kubeadm = KubeadmCases.inventory("");
    write("etc/kubernetes/pki/etcd/peer.crt", CERTIFICATE);
    write("etc/kubernetes/provision/renewing", "1\n");
    var on = KubeadmCases.host("cp1", kubeadm);
    var check = check(on, kubeadm, host(300), new Cases.Settled());
    assertThat(calls(check)).hasSize(2);
    assertThat(calls(check).getFirst().arguments()).hasSize(2);
    Files.delete(root.resolve("etc/kubernetes/provision/renewing"));
    assertThat(check(on, kubeadm, host(300), new Cases.Settled())).isInstanceOf(Check.InSync.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void everyFormIsReadAndNoKeyLeavesTheHost(List<String> shell) throws IOException {
    var text = Base64.getEncoder().encodeToString(CERTIFICATE.getBytes(StandardCharsets.UTF_8));
    write("etc/a/with-key.pem", KEY + CERTIFICATE + KEY);
    write(
        "etc/a/kube.conf",
        "  client-key-data: Y2FuYXJ5\n  client-certificate-data: %s\n".formatted(text));
    write(
        "etc/a/dynamic.json",
        "{\"data\":{\"tls.key\":\"Y2FuYXJ5\",\"tls.crt\":\"%s\"}}".formatted(text));
    write("etc/a/megabytes", "x".repeat(3_000_000));
    write("etc/a/of a stranger", "garbage\0\n-----BEGIN CERTIFICATE-----\n");
    write("etc/a/empty", "");
    Files.createDirectories(root.resolve("etc/a/directory"));
    var host = host(10).in(shell.toArray(String[]::new));
    var call =
        Call.of(
            SeenCertificates.LOOK,
            "/dev/null/none",
            "/etc/a/with-key.pem",
            "/etc/a/kube.conf",
            "/etc/a/dynamic.json",
            "/etc/a/megabytes",
            "/etc/a/of a stranger",
            "/etc/a/empty",
            "/etc/a/directory",
            "/etc/a/none");
    var said = host.run(call).output();
    assertThat(said).doesNotContain("Y2FuYXJ5");
    assertThat(said.length()).isLessThan(10_000);
    assertThat(said.lines().filter(line -> line.startsWith("file="))).hasSize(6);
    assertThat(said.lines().filter(line -> line.length() > 300)).hasSize(3);
  }

  @Test
  void whatHasEndedIsOverAndWhatEndsSoonIsNot() throws IOException {
    var view = new CertificatesView(DISTRIBUTIONS);
    for (var left : List.of(5, -5)) {
      var ask = (StatusView.Ask.OnHosts) view.asks(inventory, java.util.Set.of()).getFirst();
      var target = Cases.on(cp1, inventory);
      var look = host(left).look(ask.look().probes(target));
      var check = (Check.InSync) ask.look().check(target, look, new Cases.Settled());
      var seen =
          new StatusView.Seen(
              Map.of(cp1.name(), check.observed()), Optional.empty(), false, Map.of());
      var ending =
          view.ending(inventory, seen, Duration.ofDays(30)).stream()
              .filter(it -> it.says().contains(" end"))
              .toList();
      assertThat(ending)
          .isNotEmpty()
          .allSatisfy(it -> {
            assertThat(it.of()).isEqualTo("cp1");
            assertThat(it.over()).isEqualTo(left < 0);
            assertThat(it.says()).contains(left < 0 ? " ended on " : " ends on ");
          });
    }
  }

  @Test
  void aViewSaysWhatEndsByTheClockOfItsHost() throws IOException {
    write(TLS + "client-scheduler.crt", "");
    var view = new CertificatesView(DISTRIBUTIONS);
    var ask = (StatusView.Ask.OnHosts) view.asks(inventory, java.util.Set.of()).getFirst();
    assertThat(ask.hosts()).containsExactly(cp1, cp2, w1, w2);
    var target = Cases.on(cp1, inventory);
    var look = ask.look();
    var check = look.check(target, host(20).look(look.probes(target)), new Cases.Settled());
    var seen =
        new StatusView.Seen(
            Map.of(cp1.name(), ((Check.InSync) check).observed(), w1.name(), Observed.NOTHING),
            Optional.empty(),
            false,
            Map.of());
    var rows = view.tables(inventory, seen).getFirst().rows();
    assertThat(rows).hasSize(4);
    assertThat(rows)
        .contains(
            List.of("cp1", "/" + TLS + "client-admin.crt", "2027-11-28", "20 d", "provision apply"),
            List.of("cp1", "/" + TLS + "server-ca.crt", "2027-11-28", "20 d", "nobody"));
    assertThat(view.ending(inventory, seen, Duration.ofDays(20))).hasSize(4);
    assertThat(view.ending(inventory, seen, Duration.ofDays(19)))
        .singleElement()
        .asString()
        .contains("client-scheduler.crt");
  }

  /** As with serverTLSBootstrap, where nobody approves what kubelets ask for. */
  @Test
  void aCertificateThatWasAskedForAndNobodyApprovedIsNamed() throws IOException {
    var kubeadm = KubeadmCases.inventory("");
    var view = new CertificatesView(DISTRIBUTIONS);
    write("var/lib/kubelet/pki/kubelet.crt", CERTIFICATE + KEY);
    write(
        "etc/kubernetes/admin.conf",
        "client-certificate-data: "
            + Base64.getEncoder().encodeToString(CERTIFICATE.getBytes(StandardCharsets.UTF_8)));
    var kubectl = root.resolve("usr/local/bin/kubectl");
    write(
        "usr/local/bin/kubectl",
        """
        #!/bin/sh
        printf '%s\n' "$*" >>calls
        echo answered
        echo 'request=csr-old kubernetes.io/kubelet-serving 2027-10-01T00:00:00Z system:node:w1'
        echo 'request=csr-new kubernetes.io/kubelet-serving 2027-11-08T13:12:00Z system:node:w2'
        echo 'request=$(evil) x 2027-10-01T00:00:00Z y'
        echo 'request=csr-odd x 2027-99-01T00:00:00Z y'
        """
            .replace(">>calls", ">>" + root.resolve("calls")));
    assertThat(kubectl.toFile().setExecutable(true)).isTrue();
    var ask = (StatusView.Ask.OnHosts) view.asks(kubeadm, java.util.Set.of()).getFirst();
    var target = KubeadmCases.on("cp1", kubeadm);
    var check =
        ask.look().check(target, host(20).look(ask.look().probes(target)), new Cases.Settled());
    var seen =
        new StatusView.Seen(
            Map.of(target.host().name(), ((Check.InSync) check).observed()),
            Optional.empty(),
            false,
            Map.of());
    var tables = view.tables(kubeadm, seen);
    assertThat(tables).hasSize(2);
    assertThat(tables.getFirst().rows())
        .contains(
            List.of(
                "cp1",
                "/var/lib/kubelet/pki/kubelet.crt",
                "2027-11-28",
                "20 d",
                "itself, once deleted"));
    assertThat(tables.getLast().rows())
        .containsExactly(
            List.of(
                "csr-old",
                "system:node:w1",
                "kubernetes.io/kubelet-serving",
                "2027-10-01T00:00:00Z"),
            List.of(
                "csr-new",
                "system:node:w2",
                "kubernetes.io/kubelet-serving",
                "2027-11-08T13:12:00Z"));
    assertThat(view.ending(kubeadm, seen, Duration.ZERO))
        .singleElement()
        .asString()
        .startsWith("system:node:w1: has waited since 2027-10-01T00:00:00Z")
        .contains("kubectl certificate approve csr-old");
    assertThat(view.ending(kubeadm, seen, Duration.ofDays(30)).toString())
        .contains("admin.conf")
        .doesNotContain("kubelet.crt");
    assertThat(ask.look().probes(KubeadmCases.on("w1", kubeadm)).questions()).hasSize(1);
  }

  /** As 'openssl x509 -pubkey | openssl pkey -pubin -outform der | sha256sum' has it. */
  @Test
  void anAuthorityIsToldByItsKeyAsKubeadmDoes() {
    var key =
        new AuthorityKey("sha256:84ad70408f27ab651ebf3ec0bb1beb60784f924f91368b8fd28e9acd1b899173");
    assertThat(AuthorityKey.of(CERTIFICATE)).contains(key);
    assertThat(AuthorityKey.of(CERTIFICATE + CERTIFICATE)).contains(key);
    for (var none : List.of("", "x", KEY, "-----BEGIN CERTIFICATE-----\nAAAA\n")) {
      assertThat(AuthorityKey.of(none)).as(none).isEmpty();
    }
    assertThat(AuthorityKey.told(Optional.empty())).isEqualTo("unknown");
  }

  @Test
  void nobodyIsAskedWhereNoKubernetesRuns() {
    assertThat(
            new CertificatesView(Distributions.of(List.of())).asks(inventory, java.util.Set.of()))
        .isEmpty();
  }
}
