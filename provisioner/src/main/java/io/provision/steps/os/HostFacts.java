package io.provision.steps.os;

import io.provision.remote.Frame;
import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import io.provision.resource.unit.ServiceManagers;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.MachineIdentity;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code host-facts}: what kind of host it is, for other steps; one that is not ours to manage is
 * refused by name before anything is touched. Changes nothing.
 */
public record HostFacts() implements Step<Target.OnHost> {
  /** For which machine its programs are. */
  public static final Output<Architecture> ARCHITECTURE =
      new Output<>("architecture", Architecture.class, true);

  /** Which system it runs. */
  public static final Output<System> SYSTEM = new Output<>("system", System.class, true);

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_facts",
          """
          echo "machine=$(uname -m)"
          echo "dpkg=$(dpkg --print-architecture)"
          cat /etc/os-release || cat /usr/lib/os-release
          return 0\
          """);

  /**
   * Changes with every boot, so that a saved plan must not depend on it. Root's shell is in the
   * process namespace of the system it logged in to, and may always read its own.
   */
  private static final ShellFunction IDENTITY =
      new ShellFunction(
          "look_identity",
          """
          echo "boot=$(head -c 100 /proc/sys/kernel/random/boot_id)"
          echo "namespace=$(readlink /proc/self/ns/pid)"
          echo "machine-id=$(head -c 100 /etc/machine-id)"
          echo "product-uuid=$(head -c 100 /sys/class/dmi/id/product_uuid)"
          for card in /sys/class/net/*; do
          [ -e "$card/device" ] && echo "mac=$(head -c 100 "$card/address")"
          done
          return 0\
          """);

  static final Question<MachineIdentity> WHO =
      Question.of(Kind.volatileSingle(IDENTITY, frame -> MachineIdentity.read(frame.output())));

  private static final Question<Facts> QUESTION = Question.of(Kind.single(LOOK, Facts::read));

  /** The machines that Kubernetes distributions are published for. */
  public enum Architecture {
    AMD64,
    ARM64;

    /** As Debian, Go and the releases of Kubernetes write it. */
    public String key() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public String toString() {
      return key();
    }
  }

  /**
   * What os-release(5) says.
   *
   * @param id for example {@code debian}
   * @param version for example {@code 12}; empty for testing
   * @param codename for example {@code bookworm}
   */
  public record System(String id, String version, String codename, String prettyName) {
    @Override
    public String toString() {
      return prettyName;
    }
  }

  /** The answer as words. */
  record Facts(Map<String, String> values) {
    static Facts read(Frame frame) {
      var values = new TreeMap<String, String>();
      Pairs.of(frame).values().forEach((key, all) -> values.put(key, unquoted(all.getFirst())));
      return new Facts(Collections.unmodifiableMap(values));
    }

    private static String unquoted(String value) {
      var text = value.strip();
      var quoted =
          text.length() > 1
              && (text.charAt(0) == '"' || text.charAt(0) == '\'')
              && text.charAt(0) == text.charAt(text.length() - 1);
      return quoted ? text.substring(1, text.length() - 1) : text;
    }

    String of(String key) {
      return values.getOrDefault(key, "");
    }
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(QUESTION, WHO).and(ServiceManagers.SYSTEMD.probes());
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return Checks.then(
        Checks.together(check(seen.of(QUESTION)), ServiceManagers.SYSTEMD.check(seen)),
        () -> new Check.InSync(Observed.of(MachineIdentity.OUTPUT, seen.of(WHO))));
  }

  static Check check(Facts facts) {
    var system =
        new System(
            facts.of("ID"),
            facts.of("VERSION_ID"),
            facts.of("VERSION_CODENAME"),
            facts.of("PRETTY_NAME"));
    var like = " " + facts.of("ID") + " " + facts.of("ID_LIKE") + " ";
    if (!like.contains(" debian ") && !like.contains(" ubuntu ")) {
      var name = system.prettyName().isEmpty() ? "an unknown system" : system.prettyName();
      return new Check.Refused(
          "it runs %s (%s)".formatted(name, facts.of("ID")),
          "take Debian or Ubuntu, or leave this host out of the inventory");
    }
    return Checks.together(
        Release.check(system.id(), system.version(), system.prettyName()),
        architecture(system, facts));
  }

  private static Check architecture(System system, Facts facts) {
    var machine = facts.of("dpkg").isEmpty() ? facts.of("machine") : facts.of("dpkg");
    return switch (machine) {
      case "amd64", "x86_64" -> inSync(system, Architecture.AMD64);
      case "arm64", "aarch64" -> inSync(system, Architecture.ARM64);
      default ->
          new Check.Refused(
              "its programs are for %s (kernel %s)".formatted(machine, facts.of("machine")),
              "install a 64-bit system: amd64 or arm64");
    };
  }

  private static Check inSync(System system, Architecture architecture) {
    return new Check.InSync(Observed.of(SYSTEM, system).and(ARCHITECTURE, architecture));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(ARCHITECTURE, SYSTEM, MachineIdentity.OUTPUT);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }
}
