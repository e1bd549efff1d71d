package io.provision.cli;

import io.provision.files.AtomicFile;
import io.provision.local.DeskDirectories;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** Keeps the stack traces of our bugs, where XDG wants state to be; mode 0600. */
record CrashLog(Map<String, String> environment, Clock clock) {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'crash-'yyyyMMdd-HHmmss-SSS'.log'").withZone(ZoneOffset.UTC);

  /** One sentence on the bug and where its details are. */
  String keep(Throwable bug, String version) {
    var headline = "A bug in provision: " + brief(bug);
    try {
      var directory = DeskDirectories.of(environment, home()).state();
      AtomicFile.createPrivateDirectories(directory);
      var file = directory.resolve(NAME.format(clock.instant()));
      AtomicFile.createPrivate(
          file, "provision %s%n%s".formatted(version, trace(bug)).getBytes(StandardCharsets.UTF_8));
      return headline + ". Please report it; its details are in " + file;
    } catch (IOException | UnsupportedOperationException e) {
      return headline + ". Its details could not be kept: " + brief(e);
    }
  }

  private Path home() {
    return Path.of(environment.getOrDefault("HOME", "."));
  }

  private static String brief(Throwable bug) {
    var message = bug.getMessage();
    return bug.getClass().getSimpleName()
        + (message == null ? "" : " (" + message.lines().findFirst().orElse("") + ")");
  }

  private static String trace(Throwable bug) {
    var text = new StringWriter();
    try (var writer = new PrintWriter(text)) {
      bug.printStackTrace(writer);
    }
    return text.toString();
  }
}
