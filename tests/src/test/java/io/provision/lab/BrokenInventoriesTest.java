package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Inventories that are wrong, through the program as it is started, with little memory and with
 * every address leading to a listener. What is said of each is tested where no program is started.
 */
class BrokenInventoriesTest {
  private static final Path BROKEN = Checkout.file("provisioner/src/test/resources/broken");
  private static final Pattern EXPECT = Pattern.compile("# expect (\\d+): (.*)");
  private static final Pattern STACK_TRACE = Pattern.compile("(?m)^\\s+at [\\w.]+\\(|Exception");

  /** Those that want to have memory, a terminal or a shell, and one of all that is wrong. */
  private static final List<String> HOSTILE =
      List.of(
          "bomb.yml",
          "control-character.yml",
          "deep.yml",
          "escaped-control-character.yml",
          "everything-at-once.yml",
          "half-surrogate.yml",
          "injection-everywhere.yml",
          "many-aliases.yml",
          "not-utf-8.yml",
          "recursive-anchor.yml",
          "tag.yml",
          "unicode-names.yml");

  @Test
  void hostileOnesAreRefusedAtTheirLineWithoutAConnectionInLittleMemory() throws Exception {
    areRefused(HOSTILE.stream().map(BROKEN::resolve).toList());
  }

  @Test
  @Tag("long")
  void eachIsRefusedAtItsLineWithoutAConnectionInLittleMemory() throws Exception {
    var files = broken();
    assertThat(files).hasSizeGreaterThanOrEqualTo(40);
    areRefused(files);
  }

  private static void areRefused(List<Path> files) throws Exception {
    try (var door = new Door()) {
      try (var threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
        var checks =
            files.stream()
                .map(file -> threads.submit((Callable<Void>) () -> refused(file, door)))
                .toList();
        for (var check : checks) {
          check.get();
        }
      }
      assertThat(door.knocks()).isZero();
      assertThat(Path.of("/tmp/x")).doesNotExist();
    }
  }

  @Test
  void theListenerHearsAnInventoryThatIsRight() throws IOException {
    try (var door = new Door()) {
      var right = door.home().resolve("right.yml");
      Files.writeString(right, "hosts:\n  h: { address: a }\n");
      door.program().run("apply", right.toString()).exits(4);
      assertThat(door.knocks()).isPositive();
    }
  }

  private static List<Path> broken() throws IOException {
    try (var files = Files.list(BROKEN)) {
      return files.sorted().toList();
    }
  }

  private static Void refused(Path file, Door door) throws IOException {
    var result = door.program().run("apply", file.toString(), "--yes").exits(2);
    var text = result.text();
    assertThat(STACK_TRACE.matcher(text).find()).as("%s", result).isFalse();
    Files.readString(file, StandardCharsets.ISO_8859_1)
        .lines()
        .map(EXPECT::matcher)
        .takeWhile(matcher -> matcher.matches())
        .forEach(matcher ->
            assertThat(text.lines())
                .as("%s", result)
                .anyMatch(line ->
                    line.contains("%s:%s:".formatted(file.getFileName(), matcher.group(1)))
                        && line.contains(matcher.group(2))));
    return null;
  }

  /** Where every address leads, by an ssh_config. */
  private static final class Door implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger knocks = new AtomicInteger();
    private final Path home = Checkout.scratch("door");

    Door() throws IOException {
      Files.createDirectory(home.resolve(".ssh"));
      Files.writeString(
          home.resolve(".ssh/config"),
          "Host *\n  HostName 127.0.0.1\n  Port %d\n".formatted(socket.getLocalPort()));
      Thread.ofVirtual().start(this::answer);
    }

    Path home() {
      return home;
    }

    int knocks() {
      return knocks.get();
    }

    Provision program() {
      return new Provision(home).with("JDK_JAVA_OPTIONS", "-Xmx64m -Duser.home=" + home);
    }

    private void answer() {
      while (!socket.isClosed()) {
        try (var _ = socket.accept()) {
          knocks.incrementAndGet();
        } catch (IOException _) {
          return; // closed
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
