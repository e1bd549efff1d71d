package io.provision.cli.rotation;

import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.desk.Prometheus;
import io.provision.model.Inventory;
import io.provision.model.quiet.QuietHours;
import io.provision.model.rotation.Rotation;
import io.provision.section.TimeSpan;
import io.provision.section.ZoneName;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is to be proposed as windows, and by which metric. */
public final class QuietOptions {
  private static final String ASKED = "--propose-windows";

  /** How long one answer may take: some weeks of a metric of many hosts. */
  private static final Duration WITHIN = Duration.ofSeconds(60);

  /** A server takes 11,000 steps at most, and keeps two weeks unless it is told otherwise. */
  private static final int MOST_WEEKS = 12;

  private static final int LARGEST_PORT = 65535;

  @Option(
      names = ASKED,
      paramLabel = "URL",
      description =
          "ask this Prometheus when least is going on, and print windows for the inventory; change"
              + " nothing")
  private Optional<String> server = Optional.empty();

  @Option(
      names = "--query",
      paramLabel = "PROMQL",
      description =
          "of --propose-windows: one number that says how much is going on; without it the CPU time"
              + " that node_exporter tells of all hosts")
  private Optional<String> query = Optional.empty();

  @Option(
      names = "--lasting",
      paramLabel = "TIME",
      description = "of --propose-windows: how long a window is, in half hours; without it 3h")
  private Optional<String> lasting = Optional.empty();

  @Option(
      names = "--weeks",
      paramLabel = "N",
      description = "of --propose-windows: so many weeks are looked at, 2 to 12; without it 4")
  private Optional<Integer> weeks = Optional.empty();

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description =
          "of --propose-windows: by whose clocks; without it by those of the windows there are, or"
              + " of this machine")
  private Optional<String> zone = Optional.empty();

  public boolean asked() {
    return server.isPresent();
  }

  /** Nothing would carry out what belongs to a proposal that is not asked for. */
  public void refuseWithout() throws Refused {
    var alone = query.isPresent() || lasting.isPresent() || weeks.isPresent() || zone.isPresent();
    if (alone && server.isEmpty()) {
      throw new Refused(
          "--query, --lasting, --weeks and --zone", "they go with --propose-windows only");
    }
  }

  /** Asks, and prints. */
  public void propose(Context context, Inventory inventory) throws Refused {
    var windows = Rotation.of(inventory).windows();
    var asked =
        new QuietProposal.Asked(
            new Prometheus.Server(url(server.orElseThrow()), WITHIN),
            query.orElse(QuietProposal.CPU),
            length(),
            length("--weeks", weeks.orElse(4)),
            zone.isPresent()
                ? zone(zone.get())
                : windows.map(it -> it.all().getFirst().zone()).orElseGet(QuietOptions::own));
    new QuietProposal(asked, windows.map(it -> it.all()).orElse(List.of()), inventory.file())
        .print(context);
  }

  private static URI url(String text) throws Refused {
    try {
      var url = new URI(text);
      var scheme = url.getScheme();
      var isWeb = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
      if (isWeb && url.getHost() == null && String.valueOf(url.getRawAuthority()).contains("_")) {
        throw new Refused(
            ASKED,
            "the name of a host has no '_' in it (RFC 1123). write its address, or another name of"
                + " it");
      }
      if (isWeb
          && url.getHost() != null
          && url.getPort() <= LARGEST_PORT
          && url.getRawUserInfo() == null
          && url.getRawQuery() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // it is refused below; the exception repeats the text, which may hold a password
    }
    throw new Refused(
        ASKED,
        "this is not the URL of a Prometheus, without a user and a query. write it as"
            + " http://prometheus.home:9090");
  }

  private Duration length() throws Refused {
    var text = lasting.orElse("3h");
    try {
      var length = new TimeSpan(text).duration();
      if (QuietHours.isLength(length)) {
        return length;
      }
    } catch (IllegalArgumentException e) {
      throw new Refused("--lasting", String.valueOf(e.getMessage()));
    }
    throw new Refused(
        "--lasting", "a window takes half hours, and less than a day. write 90m or 3h");
  }

  private static Duration length(String option, int weeks) throws Refused {
    if (weeks < 2 || weeks > MOST_WEEKS) {
      throw new Refused(
          option, "2 to %d weeks: what was so once may be chance".formatted(MOST_WEEKS));
    }
    return Duration.ofDays(7L * weeks);
  }

  private static ZoneId zone(String name) throws Refused {
    try {
      return ZoneName.known(name);
    } catch (IllegalArgumentException e) {
      throw new Refused("--zone", String.valueOf(e.getMessage()));
    }
  }

  private static ZoneId own() {
    var own = ZoneId.systemDefault();
    return ZoneId.getAvailableZoneIds().contains(own.getId()) ? own : ZoneId.of("UTC");
  }
}
