package io.provision.resource;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.render.Template;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A setting of cloud-init, where that is active, by which it leaves a file alone at the next boot.
 * It is set in a file of our own under /etc/cloud/cloud.cfg.d; what wins over that, user data above
 * all, is refused by name. Source: docs.cloud-init.io, modules set_hostname and update_etc_hosts.
 *
 * @param key of the top level
 * @param wanted the value that leaves the file alone
 * @param harmful what the values match that do not; an absent one is {@code usual}
 * @param file what cloud-init would write
 */
public record CloudInit(String key, String wanted, String harmful, String usual, String file)
    implements Piece {
  private static final String DIRECTORY = "/etc/cloud/cloud.cfg.d/";
  private static final Template FILE = Template.of("os/cloud-init.cfg.ftl");

  /** What the template sees. */
  private record Model(String file, String key, String value) {}

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_cloud_init",
          """
          [ -f /etc/cloud/cloud.cfg ] && [ ! -e /etc/cloud/cloud-init.disabled ] || return 0
          command -v cloud-init >/dev/null || return 0
          grep -qs 'cloud-init=disabled' /proc/cmdline && return 0
          echo active
          grep -HsE '^(manage_etc_hosts|preserve_hostname)[ ]*:' /etc/cloud/cloud.cfg \
            /etc/cloud/cloud.cfg.d/*.cfg /var/lib/cloud/instance/cloud-config.txt
          return 0\
          """);

  private static final Question<State> QUESTION = Question.of(Kind.single(LOOK, State::read));

  /** What its files say, in the order in which they are read: the last one wins. */
  record State(boolean active, List<Setting> settings) {
    State {
      settings = List.copyOf(settings);
    }

    static State read(Frame frame) {
      var lines = frame.output().lines().toList();
      var settings = new ArrayList<Setting>();
      for (var line : lines) {
        var parts = line.split(":", 3);
        if (parts.length == 3 && parts[0].startsWith("/")) {
          settings.add(
              new Setting(parts[0], parts[1].strip(), parts[2].replaceFirst("\\s#.*", "").strip()));
        }
      }
      return new State(lines.contains("active"), settings);
    }

    Optional<Setting> last(String key) {
      return settings.stream().filter(it -> it.key().equals(key)).reduce((_, later) -> later);
    }
  }

  record Setting(String file, String key, String value) {
    boolean matches(String values) {
      return value.replaceAll("[\"']", "").matches("(?i)" + values);
    }
  }

  /** It leaves /etc/hosts alone; with {@code localhost} it touches one line, which is not ours. */
  public static CloudInit leavesHosts() {
    return new CloudInit(
        "manage_etc_hosts", "false", "true|yes|on|template", "false", "/etc/hosts");
  }

  /** It leaves the hostname alone. */
  public static CloudInit leavesHostname() {
    return new CloudInit("preserve_hostname", "true", "false|no|off", "false", "/etc/hostname");
  }

  ManagedFile setting() {
    return ManagedFile.of(
        DIRECTORY + "zz-provision-%s.cfg".formatted(key.replace('_', '-')),
        FILE.render(new Model(file, key, wanted)));
  }

  @Override
  public Probes probes() {
    return Probes.of(QUESTION).and(setting().probes());
  }

  @Override
  public Check check(Observations seen) {
    var state = seen.of(QUESTION);
    var says = state.last(key).orElse(new Setting("", key, usual));
    if (!state.active() || !says.matches(harmful)) {
      return new Check.InSync();
    }
    return setting().check(seen) instanceof Check.Drift drift && !winsOver(says.file())
        ? drift
        : new Check.Refused(
            "cloud-init writes %s anew at the next boot (%s: %s in %s)"
                .formatted(file, key, says.value(), says.file()),
            "set '%s: %s' there, for an instance in its user data; or switch cloud-init off:"
                    .formatted(key, wanted)
                + " touch /etc/cloud/cloud-init.disabled");
  }

  /** Whether cloud-init reads this file after ours. */
  private boolean winsOver(String other) {
    return !other.isEmpty() && !other.startsWith("/etc/cloud/cloud.cfg")
        || other.compareTo(setting().path()) > 0;
  }
}
