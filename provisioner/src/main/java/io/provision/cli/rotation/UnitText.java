package io.provision.cli.rotation;

import io.provision.desk.Timers.Units;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The units of a rotation, as systemd.unit(5), systemd.service(5) and systemd.timer(5) want them.
 *
 * @param cluster its name
 * @param command what is run, with absolute paths
 * @param environment all that it finds there
 * @param calendar lines of {@code OnCalendar=}
 */
record UnitText(
    String cluster, List<String> command, Map<String, String> environment, List<String> calendar) {
  static final String MARK = "# made by provision rotate --install-timer";

  /** Those of this cluster, whatever is in them. */
  static Units named(String cluster) {
    return new UnitText(cluster, List.of(), Map.of(), List.of()).units();
  }

  static String name(String cluster) {
    return "provision-rotate-" + cluster;
  }

  Units units() {
    return new Units(name(cluster), MARK, service(), timer());
  }

  /**
   * An end that is asked for finishes the node in hand, which can take its time. An agent of this
   * moment is not one that is there at night.
   */
  private String service() {
    var set =
        new TreeMap<>(environment)
            .entrySet().stream()
                .map(it -> "Environment=" + quoted(it.getKey() + "=" + it.getValue()) + "\n")
                .collect(Collectors.joining());
    return """
    %s
    [Unit]
    Description=Reboots nodes of %s that want it
    Wants=network-online.target
    After=network-online.target

    [Service]
    Type=oneshot
    UnsetEnvironment=SSH_AUTH_SOCK
    %sExecStart=%s
    TimeoutStartSec=infinity
    TimeoutStopSec=1h
    KillMode=mixed
    """
        .formatted(MARK, cluster, set, executed());
  }

  /** None of a window that was missed: it is shut when the machine is back. */
  private String timer() {
    return """
    %s
    [Unit]
    Description=When nodes of %s are rebooted that want it

    [Timer]
    %sPersistent=false
    AccuracySec=1min

    [Install]
    WantedBy=timers.target
    """
        .formatted(
            MARK,
            cluster,
            calendar.stream().map(it -> "OnCalendar=" + it + "\n").collect(Collectors.joining()));
  }

  /** No variable is put in there; systemd looks for none in the program itself. */
  private String executed() {
    var words = new StringBuilder();
    for (var word : command) {
      words
          .append(words.isEmpty() ? "" : " ")
          .append(quoted(words.isEmpty() ? word : word.replace("$", "$$")));
    }
    return words.toString();
  }

  private static String quoted(String text) {
    return '"'
        + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%").replace("\n", "\\n")
        + '"';
  }
}
