package io.provision.cli.option;

import io.provision.cli.run.Refused;
import io.provision.console.Settings;
import io.provision.files.OutputFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How every command speaks. */
public final class OutputOptions {
  /** As typed: {@code human} or {@code json}. */
  enum Format {
    human,
    json
  }

  @Option(
      names = "--output",
      paramLabel = "human|json",
      description = "json: one JSON object a line, the last one is the summary")
  private Format format = Format.human;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "also write the results as JUnit XML")
  private @Nullable Path junit;

  @Option(
      names = {"-v", "--verbose"},
      description = "also what is as declared, and diffs in full")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  private boolean help;

  public Settings settings() throws Refused {
    if (junit != null && !OutputFile.hasPlace(junit)) {
      throw new Refused("--junit", "'%s' is in no directory that exists".formatted(junit));
    }
    return new Settings(
        Settings.Format.valueOf(format.name().toUpperCase(Locale.ROOT)),
        verbose,
        Optional.ofNullable(junit));
  }

  /** What was meant, as far as it can be told where the arguments could not be understood. */
  public static Settings guess(String... args) {
    var line = " " + String.join(" ", args) + " ";
    return line.contains(" --output json ") || line.contains(" --output=json ")
        ? new Settings(Settings.Format.JSON, false, Optional.empty())
        : Settings.PLAIN;
  }

  boolean helpWanted() {
    return help;
  }
}
