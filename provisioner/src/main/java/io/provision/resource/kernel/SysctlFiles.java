package io.provision.resource.kernel;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/**
 * What all files of sysctl.d(5) say: sorted by name whatever their directory, the last one wins; of
 * two with one name that in /etc wins over /run and /usr. An active ufw sets its own after them,
 * and so does systemd-networkd from 256 on where its own configuration says something of forwarding
 * (networkd.conf(5)).
 */
record SysctlFiles(List<Line> lines) {
  private static final List<String> DIRECTORIES =
      List.of("/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d");

  private static final String LAST = "\uffff";

  static final ShellFunction LOOK =
      new ShellFunction(
          "look_sysctl_files",
          """
          grep -HsE '^[[:space:]]*-?[a-z][^=#;]*=' /etc/sysctl.d/*.conf /run/sysctl.d/*.conf \
           /usr/local/lib/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf
          ! grep -qs '^ENABLED=yes' /etc/ufw/ufw.conf ||
            grep -HsE '^[[:space:]]*-?[a-z][^=#;]*=' /etc/ufw/sysctl.conf
          [ ! -d /run/systemd/netif ] ||
            grep -HsiE '^[[:space:]]*IPv[46]Forwarding[[:space:]]*=' /etc/systemd/networkd.conf \
              /etc/systemd/networkd.conf.d/*.conf /run/systemd/networkd.conf.d/*.conf \
              /usr/lib/systemd/networkd.conf.d/*.conf |
            sed -e 's/=[[:space:]]*\\(no\\|false\\|off\\|0\\)[[:space:]]*$/=0/I;t' -e 's/=.*/=1/' |
            sed -n -e 's/IPv4Forwarding.*=/net.ipv4.ip_forward=/ip' \
              -e 's/IPv\\([46]\\)Forwarding.*=/net.ipv\\1.conf.all.forwarding=/ip'
          return 0\
          """);

  private static final Question<SysctlFiles> QUESTION =
      Question.of(Kind.single(LOOK, SysctlFiles::read));

  SysctlFiles {
    lines = List.copyOf(lines);
  }

  /** One setting of one file; {@code path} as under /proc/sys. */
  record Line(String file, String path, String value) {
    /** What files are sorted by; another program sets its own after all of them. */
    String name() {
      return rank() < 0 ? LAST + file : file.substring(file.lastIndexOf('/') + 1);
    }

    private int rank() {
      return DIRECTORIES.indexOf(file.substring(0, file.lastIndexOf('/')));
    }

    @Override
    public String toString() {
      return "%s = %s".formatted(path.replace('/', '.'), value);
    }
  }

  static Question<SysctlFiles> question() {
    return QUESTION;
  }

  static SysctlFiles read(Frame frame) {
    var lines = new ArrayList<Line>();
    for (var text : frame.output().split("\n")) {
      var colon = text.indexOf(':');
      var equals = text.indexOf('=', colon + 1);
      if (colon <= 0 || equals < 0 || !text.startsWith("/")) {
        continue;
      }
      var key = text.substring(colon + 1, equals).strip();
      key = key.startsWith("-") ? key.substring(1).strip() : key;
      var value = SysctlWords.normal(text.substring(equals + 1));
      lines.add(new Line(text.substring(0, colon), SysctlWords.path(key), value));
    }
    return new SysctlFiles(lines);
  }

  /** The line that wins over this file at boot with another value. */
  Optional<Line> overriding(String file, String path, String value) {
    var ours = new Line(file, path, value);
    var shown = new HashMap<String, Integer>();
    lines.forEach(line -> shown.merge(line.name(), line.rank(), Math::min));
    Optional<Line> winner = Optional.empty();
    for (var line : lines) {
      if (!line.path().equals(path)
          || line.file().equals(file)
          || line.rank() != shown.getOrDefault(line.name(), 0)
          || line.name().compareTo(ours.name()) < 0) {
        continue;
      }
      if (winner.isEmpty() || line.name().compareTo(winner.get().name()) >= 0) {
        winner = Optional.of(line);
      }
    }
    return winner.filter(line -> !line.value().equals(value));
  }
}
