package io.provision.resource.kernel;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.HostPath;
import io.provision.resource.Piece;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A kernel parameter's value in effect. What sets it at boot is a file of its own; a file that is
 * read after that one and says otherwise is refused, for it would win at the next boot. In a
 * container what cannot be set belongs to the machine below.
 *
 * @param key as sysctl.d(5) writes it, with dots or slashes
 * @param file the file that sets it at boot
 */
public record Sysctl(String key, String value, String file) implements Piece {
  private static final Pattern KEY = Pattern.compile("[a-z0-9_]+([./][A-Za-z0-9_:@*-]+)+");
  private static final Pattern VALUE = Pattern.compile("[^\\p{Cntrl}]{1,4096}");

  private static final String KERNEL_BELOW = "the kernel " + Machine.BELONGS_BELOW;

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_sysctls",
          """
          for path do
            if [ -r "/proc/sys/$path" ]; then
              printf '=%s\\n' "$(cat "/proc/sys/$path")"
            else
              echo -
            fi
          done
          return 0\
          """);

  private static final ShellFunction SET =
      new ShellFunction(
          "set_sysctl",
          """
          [ -e "/proc/sys/$1" ] || {
            echo "this kernel has no parameter $1: is the module that brings it loaded?" >&2
            return 1
          }
          printf '%s\\n' "$2" >"/proc/sys/$1" && return 0
          echo "the kernel refused '$2' for $1" >&2
          return 1\
          """);

  private static final Kind<Optional<String>> KIND = new SysctlKind();

  public Sysctl {
    if (!KEY.matcher(key).matches() || key.contains("..") || key.contains("*")) {
      throw new IllegalArgumentException(
          "'%s' is not a kernel parameter such as net.ipv4.ip_forward".formatted(key));
    }
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException("the value of %s is not one line".formatted(key));
    }
    HostPath.require(file);
  }

  private Question<Optional<String>> question() {
    return Question.of(KIND, SysctlWords.path(key));
  }

  @Override
  public Probes probes() {
    return Probes.of(question(), SysctlFiles.question(), Machine.question());
  }

  @Override
  public Check check(Observations seen) {
    var later =
        seen.of(SysctlFiles.question())
            .overriding(file, SysctlWords.path(key), SysctlWords.normal(value));
    if (later.isPresent()) {
      return new Check.Refused(
          "%s sets %s, which wins over %s at boot".formatted(later.get().file(), later.get(), file),
          "take that line out, or set the wanted value %s there".formatted(value));
    }
    var is = seen.of(question());
    if (is.map(SysctlWords::normal).filter(SysctlWords.normal(value)::equals).isPresent()) {
      return new Check.InSync();
    }
    if (seen.of(Machine.question()).isContainer()
        && (is.isEmpty() || !SysctlWords.path(key).startsWith("net/"))) {
      return new Check.Skipped(
          is.isEmpty()
              ? "this kernel has no parameter %s, and %s".formatted(key, KERNEL_BELOW)
              : "%s %s".formatted(key, Machine.BELONGS_BELOW));
    }
    return new Check.Drift(
        List.of(
            Change.of(Change.Action.UPDATE, key, is.map(SysctlWords::normal).orElse(""), value)),
        new Repair.OnHost(Script.of(SET, SysctlWords.path(key), value).standingAlone()),
        is.isEmpty()
            ? List.of("this kernel has no parameter %s now: a module must bring it".formatted(key))
            : List.of());
  }

  private record SysctlKind() implements Kind<Optional<String>> {
    @Override
    public ShellFunction function() {
      return LOOK;
    }

    @Override
    public boolean batched() {
      return true;
    }

    @Override
    public List<Optional<String>> read(List<Question<Optional<String>>> asked, Frame frame) {
      var values = new ArrayList<Optional<String>>();
      for (var line : frame.output().split("\n")) {
        if (line.equals("-")) {
          values.add(Optional.empty());
        } else if (line.startsWith("=")) {
          values.add(Optional.of(line.substring(1)));
        }
      }
      while (values.size() < asked.size()) {
        values.add(Optional.empty());
      }
      return values.subList(0, asked.size());
    }
  }
}
