package io.provision.steps.gluster.brick;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.remote.Shells;
import io.provision.resource.LocalHost;
import io.provision.step.Check;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.steps.gluster.Declared;
import io.provision.steps.gluster.Recorded;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.pool.GlusterNode;
import io.provision.steps.gluster.pool.PoolView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an interrupted creation left is removed while nothing else is there: what came between the
 * look and the repair, or even between the repair's own check and its removal, stays.
 */
final class ClearBrickTest {
  private static final ShellFunction CLEAR = clear();
  private static final String OURS = "brick %s of volume shared, made by provision";

  /** Names that a directory can have. */
  private static final List<String> NAMES = List.of("shared", "a b", "-rf", "ü 日本", "$(id)`id`\"'");

  @TempDir Path directory;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatGlusterItselfMadeGoesAndAnEmptyDirectoryIsLeft(List<String> shell) throws IOException {
    for (var name : NAMES) {
      var brick = brick(name);
      var ended = clear(new LocalHost(directory), shell, brick);
      assertThat(ended.ok()).as(ended.output()).isTrue();
      assertThat(brick).isEmptyDirectory();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(brick)))
          .isEqualTo("rwxr-xr-x");
      assertThat(marker(brick)).content().startsWith(OURS.formatted(brick));
    }
  }

  /** The look and the repair ask the same question, or a plan would never converge. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatGlusterMadeInARunningVolumeGoesWhereNoFileIsInIt(List<String> shell) throws IOException {
    var own = List.of(".glusterfs-anonymous-inode-aaaa-bbbb", ".trashcan", ".trashcan/internal_op");
    for (var name : NAMES) {
      var brick = brick(name);
      for (var directory : own) {
        Files.createDirectories(brick.resolve(directory));
      }
      assertThat(isForeign(shell, brick)).isFalse();
      var ended = clear(new LocalHost(directory), shell, brick);
      assertThat(ended.ok()).as(ended.output()).isTrue();
      assertThat(brick).isEmptyDirectory();

      for (var file : List.of(".trashcan/photo.jpg", own.getFirst() + "/7d5e", ".trashcan.old/x")) {
        brick = brick(name);
        write(brick.resolve(file), "somebody's");
        var before = content(brick);
        assertThat(isForeign(shell, brick)).as(file).isTrue();
        assertThat(clear(new LocalHost(directory), shell, brick).ok()).as(file).isFalse();
        assertThat(content(brick)).isEqualTo(before);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatCannotBeSearchedIsNotTakenForEmptyByTheLookEither(List<String> shell)
      throws IOException {
    for (var find : List.of("exit 1", "kill -9 $$", "head -c 3000000 /dev/zero | tr '\\0' x")) {
      var host = new LocalHost(directory).program("find", find).in(shell.toArray(String[]::new));
      assertThat(look(host, brick("shared")).foreign()).as(find).isTrue();
    }
  }

  private boolean isForeign(List<String> shell, Path brick) {
    return look(new LocalHost(directory).in(shell.toArray(String[]::new)), brick).foreign();
  }

  private static BrickState look(LocalHost host, Path brick) {
    var question = BrickState.of(brick.toString(), marker(brick).toString());
    return host.look(Probes.of(question)).of(question);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aFileThatCameAfterTheLookStaysWithAllThatIsBesideIt(List<String> shell) throws IOException {
    for (var name : NAMES) {
      for (var file : List.of("photo.jpg", "deep/below/photo.jpg", ".hidden", ".glusterfs.tar")) {
        var brick = brick(name);
        write(brick.resolve(file), "somebody's");
        var before = content(brick);
        var ended = clear(new LocalHost(directory), shell, brick);
        assertThat(ended.ok()).as("%s in %s", file, name).isFalse();
        assertThat(ended.output()).contains("is not empty");
        assertThat(content(brick)).as("%s in %s", file, name).isEqualTo(before);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aFileThatComesAfterTheLastCheckStaysToo(List<String> shell) throws IOException {
    var brick = brick("shared");
    var late = brick.resolve("late.jpg");
    var find = "PATH=/usr/bin:/bin find \"$@\"; echo somebody >%s".formatted(late);
    var ended = clear(new LocalHost(directory).program("find", find), shell, brick);
    assertThat(ended.ok()).isFalse();
    assertThat(late).hasContent("somebody");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aDirectoryThatCouldNotBeSearchedIsNotClearedAtAll(List<String> shell) throws IOException {
    for (var find :
        List.of("exit 1", "exit 127", "kill -9 $$", "head -c 3000000 /dev/zero | tr '\\0' x")) {
      var brick = brick("shared");
      write(brick.resolve("photo.jpg"), "somebody's");
      var before = content(brick);
      var ended = clear(new LocalHost(directory).program("find", find), shell, brick);
      assertThat(content(brick)).as(find).isEqualTo(before);
      assertThat(ended.ok()).as(find).isFalse();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void withoutOurMarkOfThisVeryBrickNothingIsCleared(List<String> shell) throws IOException {
    var brick = brick("shared");
    var before = content(brick);
    var ours = OURS.formatted(brick);
    for (var mark :
        List.of(
            "",
            "\n" + ours,
            ours + "!",
            " " + ours,
            ours.replace("volume shared", "volume other"),
            "x".repeat(3_000_000))) {
      write(marker(brick), mark);
      assertThat(clear(new LocalHost(directory), shell, brick).ok()).as(mark).isFalse();
      assertThat(content(brick)).isEqualTo(before);
    }
    Files.delete(marker(brick));
    assertThat(clear(new LocalHost(directory), shell, brick).ok()).as("no mark").isFalse();
    assertThat(content(brick)).isEqualTo(before);
  }

  /** What a check leads to that saw such a brick with our mark. */
  private static ShellFunction clear() {
    var volume = Declared.volume(3, "{ name: shared, replica: 3, brick: /data/gluster/shared }");
    var mark = OURS.formatted(volume.brick());
    var state = new BrickState("/data", true, true, "e3af9933", true, "", false, mark, "", true);
    var pool = Pool.read(Recorded.answer("pool-3.xml")).value().orElseThrow();
    var self = new HostName("n1");
    var view =
        new PoolView(new LinkedHashMap<>(Map.of(self, new GlusterNode("", pool, List.of()))));
    var check = GlusterBrick.check(self, volume, state, List.of(), view);
    var scripts = ((Repair.OnHost) ((Check.Drift) check).repair()).scripts();
    return scripts.getFirst().call().function();
  }

  private Frame clear(LocalHost host, List<String> shell, Path brick) {
    return host.in(shell.toArray(String[]::new))
        .attempt(
            Script.of(CLEAR, brick.toString(), marker(brick).toString(), OURS.formatted(brick)));
  }

  /** As {@code gluster volume create} leaves it where it fails halfway; with our mark beside it. */
  private Path brick(String name) throws IOException {
    var brick = directory.resolve("data").resolve(name);
    remove(brick);
    write(brick.resolve(".glusterfs/indices/xattrop/a"), "");
    write(brick.resolve(".glusterfs/00/00/00000000-0000-0000-0000-000000000001"), "x");
    write(marker(brick), OURS.formatted(brick) + "\ngluster volume create\n");
    return brick;
  }

  private static Path marker(Path brick) {
    return brick.resolveSibling(".provision-brick." + brick.getFileName());
  }

  private static TreeMap<String, String> content(Path brick) throws IOException {
    var all = new TreeMap<String, String>();
    try (var files = Files.walk(brick)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        all.put(brick.relativize(file).toString(), Files.readString(file));
      }
    }
    return all;
  }

  private static void remove(Path brick) throws IOException {
    if (Files.exists(brick)) {
      try (var files = Files.walk(brick)) {
        for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
