package io.provision.resource.kernel;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.Piece;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A kernel module that is in effect now; what loads it at boot is a file of its own. It counts as
 * there when it is loaded, built in, or its effect can be seen. One that a file of modprobe.d(5)
 * denies is refused: modprobe may load it by its name, but systemd-modules-load does not at boot.
 * In a container it belongs to the machine below.
 */
public record KernelModule(String name) implements Piece {
  private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,63}");

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_modules",
          """
          for module do
            case $module in
              *-*) name=$(printf '%s' "$module" | tr - _) ;;
              *) name=$module ;;
            esac
            if [ -d "/sys/module/$name" ] ||
              { [ "$name" = br_netfilter ] && [ -d /proc/sys/net/bridge ]; } ||
              grep -qs "^$name " /proc/modules ||
              grep -qsE "^(nodev)?[[:space:]]+$name\\$" /proc/filesystems ||
              grep -qsE "/$name\\\\.ko" "/lib/modules/$(uname -r)/modules.builtin"; then
              printf '%s\\n' "$module"
            fi
          done
          return 0\
          """);

  static final ShellFunction LOOK_DENIED =
      new ShellFunction(
          "look_denied_modules",
          """
          for module do
            name=$(printf '%s' "$module" | sed 's/[-_]/[-_]/g')
            ! grep -qsE "/$name\\.ko" "/lib/modules/$(uname -r)/modules.builtin" || continue
            grep -HnsE "^[[:space:]]*(blacklist[[:space:]]+$name|install[[:space:]]+$name[[:space:]]+(/usr)?/bin/(true|false))[[:space:]]*\\$" \
              /etc/modprobe.d/*.conf /run/modprobe.d/*.conf /usr/lib/modprobe.d/*.conf /lib/modprobe.d/*.conf |
              head -n 1 | sed "s|^\\([^:]*\\):\\([0-9]*\\):.*|$module line \\2 of \\1|"
            tr ' ' '\\n' </proc/cmdline | grep -E '^(modprobe\\.|module_)blacklist=' |
              grep -qE "[=,]$name(,|\\$)" && echo "$module the kernel command line"
          done
          return 0\
          """);

  private static final ShellFunction LOAD =
      new ShellFunction(
          "load_module",
          """
          command -v modprobe >/dev/null || {
            echo "there is no modprobe on this host: install kmod" >&2
            return 1
          }
          try modprobe -- "$1" && return 0
          echo "the kernel $(uname -r) has no module $1, or it is not installed" >&2
          return 1\
          """);

  private static final Kind<Boolean> KIND = new ModuleKind();
  private static final Kind<Optional<String>> DENIED = new DeniedKind();

  public KernelModule {
    if (!GRAMMAR.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a valid name for a kernel module".formatted(name));
    }
  }

  private Question<Boolean> question() {
    return Question.of(KIND, name);
  }

  private Question<Optional<String>> denied() {
    return Question.of(DENIED, name);
  }

  @Override
  public Probes probes() {
    return Probes.of(question(), denied(), Machine.question());
  }

  @Override
  public Check check(Observations seen) {
    var isThere = seen.of(question());
    var isContainer = seen.of(Machine.question()).isContainer();
    if (!isContainer && seen.of(denied()).isPresent()) {
      return new Check.Refused(
          "kernel module %s is not loaded at boot: %s denies it"
              .formatted(name, seen.of(denied()).get()),
          "take that out, or the module out of the playbook");
    }
    if (isThere) {
      return new Check.InSync();
    }
    if (isContainer) {
      return new Check.Skipped("kernel module %s %s".formatted(name, Machine.BELONGS_BELOW));
    }
    return new Check.Drift(
        List.of(Change.of(Change.Action.LOAD, "kernel module " + name)),
        new Repair.OnHost(Script.of(LOAD, name).standingAlone()));
  }

  private record DeniedKind() implements Kind<Optional<String>> {
    @Override
    public ShellFunction function() {
      return LOOK_DENIED;
    }

    @Override
    public boolean batched() {
      return true;
    }

    @Override
    public List<Optional<String>> read(List<Question<Optional<String>>> asked, Frame frame) {
      var denied = new HashMap<String, String>();
      for (var line : frame.output().split("\n")) {
        var space = line.indexOf(' ');
        if (space > 0) {
          denied.putIfAbsent(line.substring(0, space), line.substring(space + 1));
        }
      }
      return asked.stream()
          .map(it -> Optional.ofNullable(denied.get(it.arguments().getFirst())))
          .toList();
    }
  }

  private record ModuleKind() implements Kind<Boolean> {
    @Override
    public ShellFunction function() {
      return LOOK;
    }

    @Override
    public boolean batched() {
      return true;
    }

    @Override
    public List<Boolean> read(List<Question<Boolean>> asked, Frame frame) {
      var loaded = new HashSet<>(List.of(frame.output().split("\n")));
      return asked.stream().map(it -> loaded.contains(it.arguments().getFirst())).toList();
    }
  }
}
