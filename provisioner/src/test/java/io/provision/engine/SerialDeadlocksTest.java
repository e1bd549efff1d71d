package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.engine.session.HostSession;
import io.provision.engine.session.Interrupt;
import io.provision.engine.session.Patience;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.model.SecretUnavailable;
import io.provision.remote.Call;
import io.provision.remote.Connection;
import io.provision.remote.Frame;
import io.provision.remote.LocalShell;
import io.provision.remote.RemoteException;
import io.provision.remote.ShellFunction;
import io.provision.remote.Transport;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens on one host, nobody waits for ever; the time limit only ends a hanging test. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SerialDeadlocksTest {
  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final List<Host> hosts = Stream.of("a", "b").map(TestInventory::host).toList();

  @BeforeEach
  void setUp() throws IOException {
    files = Files.createDirectory(directory.resolve("files"));
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    transport.close();
  }

  @Test
  void aBugWhileOneHostIsLookedAtEndsTheRunAndNamesTheHost() {
    var book = book(0, new Puzzled(text("name", "n"), "(absent)"), all());

    assertThatThrownBy(() -> apply(transport, book))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("working on a")
        .hasMessageContaining("puzzled");
    assertThat(files).isEmptyDirectory();
  }

  @Test
  void aBugWhileOneHostIsRepairedLetsThoseWhoWaitForItGoOn() {
    var first = Need.all(FileStep.TEXT, hosts.subList(0, 1));
    var book = book(1, new Puzzled(text("name", "n"), "n"), needing("first", first));

    assertThatThrownBy(() -> apply(transport, book)).hasMessageContaining("puzzled");
    assertThat(files.resolve("a/name")).hasContent("n");
    assertThat(skipped()).anyMatch(reason -> reason.contains("bug"));
  }

  @Test
  void aStepThatTakesAnyOfSomeHostsWaitsForNoneOfALaterBatch() throws Exception {
    var later = Need.any(FileStep.TEXT, hosts.subList(1, 2));
    var report = apply(transport, book(1, text("name", "n"), needing("any", later)));

    assertThat(report.targets().get(TargetName.of(new HostName("a"))).failed()).isEqualTo(1);
    assertThat(failures()).singleElement().asString().contains("of b, whose batch comes later");
    assertThat(files.resolve("a")).doesNotExist();
    assertThat(skipped()).containsExactly("'step-1' was refused");
  }

  @Test
  void aPlanRefusesWhatWouldWaitForEver() throws Exception {
    var later = Need.any(FileStep.TEXT, hosts.subList(1, 2));
    var report =
        runner(transport)
            .plan(
                "r",
                TestInventory.of(hosts),
                book(1, text("name", "n"), needing("any", later)),
                TestRuns.OPTIONS)
            .report();

    assertThat(report.total().failed()).isEqualTo(1);
    assertThat(failures()).singleElement().asString().contains("whose batch comes later");
  }

  @Test
  void aStepThatTakesAnyOfSomeHostsTakesThatOfItsOwnBatch() throws Exception {
    var any = Need.any(FileStep.TEXT, hosts);
    apply(transport, book(1, text("name", "n"), needing("any", any)));

    assertThat(failures()).isEmpty();
    assertThat(files.resolve("a/any")).hasContent("{a=n}");
  }

  @Test
  void aStepThatWaitsForALaterBatchByWayOfAnotherHostFails() throws Exception {
    var c = TestInventory.host("c");
    var inner = item(2, needing("inner", Need.all(FileStep.TEXT, List.of(c))));
    var way = item(0, new Relay(needing("way", Need.all(FileStep.TEXT, hosts.subList(1, 2)))));
    var name = item(1, text("name", "n"));
    var book =
        new Playbook(
            List.of(
                new Play.OnHosts("c", List.of(c), 0, List.of(way)),
                new Play.OnHosts("serial", hosts, 1, List.of(name, inner))));
    var report = apply(transport, book, List.of(hosts.get(0), hosts.get(1), c));

    assertThat(report.total().failed()).isEqualTo(1);
    assertThat(failures()).singleElement().asString().contains("later batch");
  }

  @Test
  void aSecretIsHandedOverWithoutAPermit() throws Exception {
    var forks = new Semaphore(1);
    try (var machine =
        HostSession.connect(
            transport, hosts.getFirst(), forks, Patience.ENDLESS, Duration.ofMinutes(1), _ -> {})) {
      forks.acquire();
      var token = new ShellFunction("print_token", "printf %s \"$1\"");
      assertThat(machine.look(List.of(Call.of(token, "s3cret"))))
          .extracting(Frame::output)
          .containsExactly("s3cret");
    }
  }

  @Test
  void aHostKeyThatCannotBeKeptIsTheOperatorsTroubleAndNoBug() throws Exception {
    var report = apply(new Strange(transport), book(0, text("name", "n")));

    assertThat(report.total().failed()).isEqualTo(1);
    assertThat(events)
        .filteredOn(RunEvent.TargetFailed.class::isInstance)
        .singleElement()
        .asString()
        .contains("could not be kept", "read-only", "/known");
    assertThat(files.resolve("b/name")).hasContent("n");
  }

  /** Host a has an unknown key, and known_hosts cannot be written. */
  private record Strange(Transport transport) implements Transport {
    @Override
    public Connection connect(Host host) throws RemoteException {
      if (host.name().equals(new HostName("a"))) {
        throw new RemoteException.HostKeyUnknown(
            host, host.address(), 22, "a", "ssh-ed25519 AAAA", "SHA256:x", Path.of("/known"));
      }
      return transport.connect(host);
    }

    @Override
    public void trust(Collection<RemoteException.HostKeyUnknown> keys) throws IOException {
      throw new IOException("read-only");
    }

    @Override
    public void close() {}
  }

  @Test
  void aSecretThatCannotBeHadStopsItsStepAndIsNoBug() throws Exception {
    var report = apply(transport, book(0, text("name", "n"), new Locked()));

    assertThat(report.total()).isEqualTo(new Report.Tally(0, 0, 0, 0, 2, 2, 0));
    assertThat(failures()).containsOnly("${env:TOKEN}: it is not set");
  }

  /** Compares with a secret that nobody can read. */
  private record Locked() implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.NONE;
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      throw new SecretUnavailable("${env:TOKEN}", "it is not set", "set it");
    }
  }

  private FileStep needing(String file, Need need) {
    return new FileStep(files, file, "", FileStep.WRITE, Optional.of(need));
  }

  private FileStep text(String file, String text) {
    return new FileStep(files, file, text);
  }

  private FileStep all() {
    return needing("all", Need.all(FileStep.TEXT, hosts));
  }

  @SafeVarargs
  private Playbook book(int serial, Step<Target.OnHost>... steps) {
    var items = new ArrayList<Item<Target.OnHost>>();
    for (var step : steps) {
      items.add(item(items.size(), step));
    }
    return new Playbook(List.of(new Play.OnHosts("all", hosts, serial, items)));
  }

  private static Item<Target.OnHost> item(int index, Step<Target.OnHost> step) {
    var at = new Position("book.yml", index + 1, 1);
    return new Item<>(new StepRef("step-" + index, index, at), step);
  }

  private Report apply(Transport through, Playbook book) throws InterruptedException {
    return apply(through, book, hosts);
  }

  private Report apply(Transport through, Playbook book, List<Host> all)
      throws InterruptedException {
    return runner(through)
        .apply("r", TestInventory.of(all), book, TestRuns.OPTIONS, Optional.empty())
        .report();
  }

  private Runner runner(Transport through) {
    return new Runner(
        through, new NoDesk(), NoCluster.NONE, events::add, new Interrupt(), _ -> true);
  }

  private List<String> skipped() {
    return events.stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(event -> ((RunEvent.StepFinished) event).outcome())
        .filter(Outcome.Skipped.class::isInstance)
        .map(outcome -> ((Outcome.Skipped) outcome).reason())
        .toList();
  }

  private List<String> failures() {
    return events.stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(event -> ((RunEvent.StepFinished) event).outcome())
        .filter(Outcome.Failed.class::isInstance)
        .map(outcome -> ((Outcome.Failed) outcome).failure().what())
        .toList();
  }

  /** A step that needs an output and provides one. */
  private record Relay(FileStep step) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return step.probes(target);
    }

    @Override
    public Set<Need> needs(Target.OnHost target) {
      return step.needs(target);
    }

    @Override
    public Set<Output<?>> provides(Target.OnHost target) {
      return Set.of(FileStep.TEXT);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return step.check(target, seen, known) instanceof Check.Drift drift
          ? drift
          : new Check.InSync(Observed.of(FileStep.TEXT, "relayed"));
    }
  }

  /** A step with a bug: it cannot cope with one text on host a. */
  private record Puzzled(FileStep step, String by) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return step.probes(target);
    }

    @Override
    public Set<Output<?>> provides(Target.OnHost target) {
      return step.provides(target);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      var text = seen.of(step.question(target));
      if (target.host().name().equals(new HostName("a")) && text.equals(by)) {
        throw new IllegalArgumentException("puzzled by " + text);
      }
      return step.check(target, seen, known);
    }
  }
}
