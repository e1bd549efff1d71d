package io.provision.resource.kernel;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How long ago a host booted: when its first process began (proc(5): field 22 of {@code stat}, in
 * hundredths of a second since the machine's boot), since a container has the uptime of the machine
 * below.
 */
public final class BootAge {
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_boot_age",
          """
          up=$(sed -n 's/^\\([0-9]\\{1,12\\}\\)\\.[0-9]* .*$/\\1/p' /proc/uptime | head -n 1)
          began=$(sed -n 's/^.*) //p' /proc/1/stat | head -n 1 | cut -d ' ' -f 20)
          case "$up:$began" in
            :* | *: | *[!0-9:]*) return 0 ;;
          esac
          echo $((up - began / 100))\
          """);

  /** Empty where the host does not say it. */
  public static final Question<Optional<Duration>> QUESTION =
      Question.of(Kind.single(LOOK, BootAge::read));

  private BootAge() {}

  private static Optional<Duration> read(Frame frame) {
    return Optional.of(frame.output().strip())
        .filter(it -> SECONDS.matcher(it).matches())
        .map(it -> Duration.ofSeconds(Long.parseLong(it)));
  }
}
