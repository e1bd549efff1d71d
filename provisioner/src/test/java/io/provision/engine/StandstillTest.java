package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.remote.LocalShell;
import io.provision.remote.Transport;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens on one host, nobody waits for ever; the time limit only ends a hanging test. */
@Timeout(120)
final class StandstillTest {
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
    var book = book(1, new Puzzled(text("name", "n"), "n"), all());

    assertThatThrownBy(() -> apply(transport, book)).hasMessageContaining("puzzled");
    assertThat(files.resolve("a/name")).hasContent("n");
    assertThat(skipped()).anyMatch(reason -> reason.contains("bug"));
  }

  private FileStep text(String file, String text) {
    return new FileStep(files, file, text);
  }

  private FileStep all() {
    var need = Optional.of(Need.all(FileStep.TEXT, hosts));
    return new FileStep(files, "all", "", FileStep.WRITE, need);
  }

  @SafeVarargs
  private Playbook book(int serial, Step<Target.OnHost>... steps) {
    var items = new ArrayList<Item<Target.OnHost>>();
    for (var step : steps) {
      var at = new Position("book.yml", items.size() + 1, 1);
      items.add(new Item<>(new StepRef("step-" + items.size(), items.size(), at), step));
    }
    return new Playbook(List.of(new Play.OnHosts("all", hosts, serial, items)));
  }

  private Report apply(Transport through, Playbook book) throws InterruptedException {
    var options = new Options(Optional.empty(), Set.of(), Set.of(), 8, "me", Duration.ofMinutes(1));
    return new Runner(through, new NoDesk(), events::add, new Interrupt(), HostKeyPrompt.REFUSE)
        .apply("r", TestInventory.of(hosts), book, options, Optional.empty())
        .report();
  }

  private List<String> skipped() {
    return events.stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(event -> ((RunEvent.StepFinished) event).outcome())
        .filter(Outcome.Skipped.class::isInstance)
        .map(outcome -> ((Outcome.Skipped) outcome).reason())
        .toList();
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
