package io.provision.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.step.Change;
import io.provision.step.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A link has mode 0777 and an owner of its own: what counts is what it leads to. */
final class LinksTest {
  private static final Pattern STAT = Pattern.compile("\\bstat (?!-L)-");

  @TempDir Path directory;
  private Path target;
  private Path link;
  private LocalHost host;

  @BeforeEach
  void makeALink() throws IOException {
    host = new LocalHost(directory);
    target = Files.createDirectory(directory.resolve("persist")).resolve("file");
    link = directory.resolve("link");
    Files.createSymbolicLink(link, target);
  }

  @Test
  void everyWriterOfAFileLeavesTheLinkAndTheModeOfItsTarget() throws IOException {
    for (var piece :
        List.of(
            new BlockOfLines(link.toString(), "x", List.of("line")),
            ManagedFile.of(link.toString(), Content.of("new"))
                .withMode(new FileMode(0640))
                .withOwner("0", "0"))) {
      Files.writeString(target, "old");
      mode("rw-r-----");
      host.repair(((Check.Drift) check(piece)).repair());
      assertThat(link).isSymbolicLink();
      assertThat(target).content().isNotEqualTo("old");
      assertThat(Files.getAttribute(target, "unix:mode")).as("%s", piece).isEqualTo(0100640);
      assertThat(check(piece)).isInstanceOf(Check.InSync.class);
    }
  }

  @Test
  void aModeThatOthersMayWriteIsShownAndNotSetAgain() throws IOException {
    Files.writeString(target, "old");
    mode("rw-rw-rw-");
    var block = new BlockOfLines(link.toString(), "x", List.of("line"));
    var drift = (Check.Drift) check(block);
    assertThat(drift.changes())
        .contains(Change.of(Change.Action.UPDATE, link.toString(), "mode 0666", "mode 0664"));
    host.repair(drift.repair());
    assertThat(Files.getAttribute(target, "unix:mode")).isEqualTo(0100664);
  }

  /** The two that ask for links themselves do so with {@code -L} of test(1). */
  @Test
  void noScriptAsksALinkForItsModeOrOwner() throws IOException {
    try (var sources = Files.walk(Path.of("src/main/java"))) {
      var all = sources.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(all).hasSizeGreaterThan(300);
      for (var source : all) {
        assertThat(Files.readString(source).lines().filter(line -> STAT.matcher(line).find()))
            .as("%s", source)
            .isEmpty();
      }
    }
  }

  private void mode(String permissions) throws IOException {
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(permissions));
  }

  private Check check(Piece piece) {
    return piece.check(host.look(piece.probes()));
  }
}
