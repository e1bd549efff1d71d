package io.provision.local;

import io.provision.desk.DeskException;
import io.provision.desk.Timers;
import io.provision.files.AtomicFile;
import io.provision.files.Custody;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Timers of systemd: of the machine where root asks, else of the user who does, whose keys and
 * files they need.
 */
public final class SystemdTimers implements Timers {
  /** What says where things are; no secret is in any of them. */
  private static final List<String> KEPT =
      List.of(
          "JAVA_HOME",
          "LANG",
          "PATH",
          "PROVISION_ARTIFACTS",
          "XDG_CACHE_HOME",
          "XDG_CONFIG_HOME",
          "XDG_STATE_HOME");

  private static final Duration SYSTEMD = Duration.ofSeconds(30);
  private static final int SHOWN = 15;
  private static final String MODE = "rw-r--r--";

  private final Map<String, String> environment;
  private final Path home;
  private final boolean root;
  private final Path etc;

  public SystemdTimers(Map<String, String> environment, Path home) {
    this(
        environment,
        home,
        Custody.ofThisProcess(environment).self() == 0,
        Path.of("/etc/systemd/system"));
  }

  /**
   * @param etc where units of the machine are
   */
  SystemdTimers(Map<String, String> environment, Path home, boolean root, Path etc) {
    this.environment = Map.copyOf(environment);
    this.home = home;
    this.root = root;
    this.etc = etc;
  }

  @Override
  public Here here() throws DeskException {
    var answer = run(systemctl("show", "--property=Version", "--value"), environment, SYSTEMD);
    if (answer.exit() != 0) {
      throw new DeskException(
          "systemd does not answer here: " + String.join(" ", answer.lines()),
          root
              ? "use what starts programs on this machine instead, such as cron"
              : "log in as that user, not by su or sudo; or install it as root",
          null);
    }
    var user = System.getProperty("user.name", "");
    return new Here(root, root || lingers(user), user, directory());
  }

  private boolean lingers(String user) throws DeskException {
    var answer =
        run(
            List.of("loginctl", "show-user", "--property=Linger", "--value", "--", user),
            environment,
            SYSTEMD);
    return answer.exit() == 0 && answer.lines().equals(List.of("yes"));
  }

  private Path directory() {
    if (root) {
      return etc;
    }
    var given = environment.get("XDG_CONFIG_HOME");
    var base = given == null || !given.startsWith("/") ? home.resolve(".config") : Path.of(given);
    return base.resolve("systemd/user");
  }

  @Override
  public Map<String, String> environment() {
    var kept = new TreeMap<String, String>();
    kept.put("HOME", home.toString());
    for (var name : KEPT) {
      var value = environment.get(name);
      if (value != null) {
        kept.put(name, value);
      }
    }
    return kept;
  }

  @Override
  public Optional<Path> launcher() {
    return Optional.ofNullable(environment.get("PROVISION_LAUNCHER")).map(Path::of);
  }

  @Override
  public Trial tryOut(List<String> command, Duration most) throws DeskException {
    return run(command, environment(), most);
  }

  @Override
  public boolean understands(String calendar) throws DeskException {
    return program("systemd-analyze").isEmpty()
        || run(List.of("systemd-analyze", "calendar", "--", calendar), environment, SYSTEMD).exit()
            == 0;
  }

  @Override
  public void install(Units units) throws DeskException {
    for (var file : List.of(service(units), timer(units))) {
      refuseForeign(file, units);
    }
    try {
      Files.createDirectories(directory());
      AtomicFile.write(service(units), units.service().getBytes(StandardCharsets.UTF_8), MODE);
      AtomicFile.write(timer(units), units.timer().getBytes(StandardCharsets.UTF_8), MODE);
    } catch (IOException e) {
      throw DeskFault.writing(timer(units), e);
    }
    order("daemon-reload");
    order("enable", "--now", "--", units.name() + ".timer");
    order("restart", "--", units.name() + ".timer"); // its calendar may be another one
  }

  @Override
  public boolean remove(Units units) throws DeskException {
    var files = List.of(timer(units), service(units));
    if (files.stream().noneMatch(Files::exists)) {
      return false;
    }
    for (var file : files) {
      refuseForeign(file, units);
    }
    if (Files.exists(timer(units))) {
      order("disable", "--now", "--", units.name() + ".timer");
    }
    try {
      for (var file : files) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw DeskFault.writing(timer(units), e);
    }
    order("daemon-reload");
    return true;
  }

  private Path service(Units units) {
    return directory().resolve(units.name() + ".service");
  }

  private Path timer(Units units) {
    return directory().resolve(units.name() + ".timer");
  }

  private static void refuseForeign(Path file, Units units) throws DeskException {
    try {
      if (Files.exists(file) && Files.readString(file).lines().noneMatch(units.mark()::equals)) {
        throw new DeskException(
            "%s is there, and not ours".formatted(file), "rename it, or the cluster", null);
      }
    } catch (IOException e) {
      throw DeskFault.reading(file, e);
    }
  }

  private void order(String... words) throws DeskException {
    var command = systemctl(words);
    var answer = run(command, environment, SYSTEMD);
    if (answer.exit() != 0) {
      throw new DeskException(
          "'%s' exited %d: %s"
              .formatted(
                  String.join(" ", command), answer.exit(), String.join(" ", answer.lines())),
          "run it by hand, then the same command again",
          null);
    }
  }

  private List<String> systemctl(String... words) {
    var command = new ArrayList<>(List.of("systemctl"));
    if (!root) {
      command.add("--user");
    }
    command.addAll(List.of(words));
    return command;
  }

  /** Where it is; a program is looked for in our own PATH otherwise. */
  private Optional<Path> program(String name) {
    return Arrays.stream(environment.getOrDefault("PATH", "/usr/bin:/bin").split(":"))
        .filter(it -> it.startsWith("/"))
        .map(it -> Path.of(it, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private Trial run(List<String> command, Map<String, String> with, Duration most)
      throws DeskException {
    Process process;
    try {
      var whole = new ArrayList<>(command);
      whole.set(0, program(command.getFirst()).map(Path::toString).orElse(command.getFirst()));
      var builder =
          new ProcessBuilder(whole)
              .directory(Path.of("/").toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true);
      builder.environment().clear();
      builder.environment().putAll(with);
      process = builder.start();
    } catch (IOException e) {
      throw new DeskException(
          "'%s' cannot be started here".formatted(command.getFirst()),
          "see whether it is there and can be run",
          e);
    }
    try {
      var lines =
          CompletableFuture.supplyAsync(
              () -> last(process.getInputStream()), Thread::startVirtualThread);
      if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new DeskException(
            "'%s' has not ended within %d s".formatted(String.join(" ", command), most.toSeconds()),
            "run it by hand to see why",
            null);
      }
      return new Trial(process.exitValue(), lines.join());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeskException("interrupted", "run the same command again", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static List<String> last(InputStream in) {
    var lines = new ArrayList<String>();
    try (var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        if (lines.size() > SHOWN) {
          lines.removeFirst();
        }
      }
    } catch (IOException e) {
      lines.add("(what it said could not be read to its end)");
    }
    return lines;
  }
}
