package io.provision.steps.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.load.bind.Binder;
import io.provision.load.bind.Surroundings;
import io.provision.load.playbook.PlaybookAssembler;
import io.provision.load.playbook.PlaybookLoader;
import io.provision.load.yaml.Problems;
import io.provision.model.Secret;
import io.provision.resource.FileMode;
import io.provision.resource.LocalHost;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlainStepsTest {
  private static final String CANARY = "canary-4711";

  @TempDir Path directory;

  @Test
  void aLargeFileIsNeverHeldAsAWholeAndOneThatIsTooLargeIsRefusedWithItsSize() throws IOException {
    var here = directory.resolve("here");
    grown(here, 2 << 20);
    var step = copyOf(here);
    assertThat(step.piece(OnHosts.any())).isInstanceOf(io.provision.resource.LargeFile.class);
    grown(here, 1L << 30);
    assertThat(copyOf(here)).isNotNull();
    grown(here, (1L << 30) + 1);
    assertThatThrownBy(() -> copyOf(here))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has 1025 MiB, and a file of at most 1024 MiB can be sent");
  }

  private static FileStep copyOf(Path here) {
    return new FileStep(
        "/srv/there",
        Optional.empty(),
        Optional.empty(),
        Optional.of(new io.provision.model.LocalFile(here)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Takes no room on the disk. */
  private static void grown(Path file, long size) throws IOException {
    try (var opened = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      opened.setLength(size);
    }
  }

  /** The step contract for every plain step that keeps to a directory. */
  @Test
  void theyDriftAreMendedAndStayInSync() throws IOException {
    Files.writeString(directory.resolve("t.ftl"), "${host.name} ${vars.colour}\n");
    Files.writeString(directory.resolve("gone"), "");
    var none = Optional.<String>empty();
    var steps =
        List.<Step<Target.OnHost>>of(
            new FileStep(
                directory + "/file",
                none,
                Optional.of(Secret.of(CANARY)),
                Optional.empty(),
                Optional.empty(),
                none,
                none),
            new TemplateStep(
                directory + "/rendered",
                directory.resolve("t.ftl"),
                Optional.of(FileMode.PRIVATE),
                none,
                none,
                Optional.of(Map.of("colour", "red"))),
            new DirectoryStep(directory + "/a/b", Optional.of(new FileMode(0700)), none, none),
            new AbsentStep(List.of(directory + "/gone")),
            new CommandStep(
                List.of("touch", "--", directory + "/it's $(touch x)"),
                Optional.of(directory + "/it's $(touch x)"),
                Optional.empty(),
                Optional.empty()),
            new CommandStep(
                List.of("mkdir", directory + "/made"),
                none,
                Optional.of(List.of("test", "-d", directory + "/made")),
                Optional.empty()));
    var host = new LocalHost(directory);
    for (var step : steps) {
      var drift = (Check.Drift) check(host, step);
      assertThat(step + drift.toString()).doesNotContain(CANARY);
      host.repair(drift.repair());
      assertThat(check(host, step)).as(step.toString()).isInstanceOf(Check.InSync.class);
    }
    assertThat(directory.resolve("rendered")).hasContent("w1 red\n");
    assertThat(directory.resolve("file")).hasContent(CANARY);
    assertThat(host.said()).doesNotContain(CANARY);
  }

  @Test
  void aTemplateThatFailsIsRefusedWithItsLine() throws IOException {
    Files.writeString(directory.resolve("t.ftl"), "\n${nothing}");
    var none = Optional.<String>empty();
    var step =
        new TemplateStep(
            "/etc/x", directory.resolve("t.ftl"), Optional.empty(), none, none, Optional.empty());
    assertThat(check(new LocalHost(directory), step))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("t.ftl:2", "nothing"));
  }

  @Test
  void aHundredFilesAreOneRepair() throws IOException {
    var source = Files.createDirectories(directory.resolve("source/below"));
    for (var i = 0; i < 100; i++) {
      Files.writeString(source.resolve("it's $(" + i + ")"), "number " + i + "\n");
    }
    assertThat(source.resolve("it's $(7)").toFile().setExecutable(true)).isTrue();
    var step = files("source");
    var host = new LocalHost(directory);
    var drift = (Check.Drift) check(host, step);
    assertThat(drift.repair())
        .isInstanceOfSatisfying(
            Repair.OnHost.class, repair -> assertThat(repair.scripts()).hasSize(100));
    host.repair(drift.repair());
    assertThat(directory.resolve("there/below/it's $(99)")).hasContent("number 99");
    assertThat(directory.resolve("there/below/it's $(7)")).isExecutable();
    assertThat(check(host, step)).isInstanceOf(Check.InSync.class);
  }

  private FilesStep files(String source) throws IOException {
    var owner = Files.readAttributes(directory, java.nio.file.attribute.PosixFileAttributes.class);
    return new FilesStep(
        directory + "/there",
        directory.resolve(source),
        Optional.empty(),
        Optional.of(owner.owner().getName()),
        Optional.of(owner.group().getName()));
  }

  @Test
  void filesThatCannotAllBePushedAreRefused() throws IOException {
    assertThatThrownBy(() -> files("absent")).hasMessageContaining("no directory");
    Files.createDirectory(directory.resolve("empty"));
    assertThatThrownBy(() -> files("empty")).hasMessageContaining("no file");
    var linked = Files.createDirectory(directory.resolve("linked"));
    Files.createSymbolicLink(linked.resolve("out"), Path.of("/dev/null"));
    assertThatThrownBy(() -> files("linked")).hasMessageContaining("not a regular file");
    var large = Files.createDirectory(directory.resolve("large"));
    try (var file = new java.io.RandomAccessFile(large.resolve("sparse").toFile(), "rw")) {
      file.setLength((16 << 20) + 1);
    }
    assertThatThrownBy(() -> files("large")).hasMessageContaining("16 MiB");
  }

  @Test
  void aCommandNeedsAGuard() {
    assertThatThrownBy(() ->
            new CommandStep(List.of("x"), Optional.empty(), Optional.empty(), Optional.empty()))
        .hasMessageContaining("guard");
  }

  @Test
  void theBenchmarkJobAndTheOwnPlaybooksAreBound() throws IOException {
    for (var each : Map.of("../tests/bench/job.yml", 1, "../playbooks/none.yml", 9).entrySet()) {
      var file = Path.of(each.getKey());
      var problems = new Problems();
      var surroundings = new Surroundings(Map.of(), Path.of("/nonexistent"));
      var loader =
          new PlaybookLoader(
              Catalog.types(),
              new Binder(surroundings, file.toAbsolutePath().getParent()).giving(Catalog.given()));
      var inventory = OnHosts.any().inventory();
      var playbook =
          new PlaybookAssembler(loader, inventory, problems)
              .assemble(
                  loader.load("playbook.yml", java.nio.file.Files.readAllBytes(file), problems));
      assertThat(problems.errors()).isEmpty();
      assertThat(playbook.plays()).hasSize(each.getValue());
    }
  }

  @Test
  void everyStepOfTheCatalogIsForATargetAndSaysWhatItDoes() {
    assertThat(Catalog.entries()).hasSizeGreaterThan(15);
    Catalog.entries()
        .forEach((name, entry) -> {
          assertThat(PlaybookAssembler.targetOf(entry.type()))
              .isIn(Set.of(Target.OnHost.class, Target.OnCluster.class, Target.OnDesk.class));
          assertThat(entry.doc()).as(name).endsWith(".");
        });
  }

  private static Check check(LocalHost host, Step<Target.OnHost> step) {
    var target = OnHosts.any();
    return step.check(target, host.look(step.probes(target)), Known.NOTHING);
  }
}
