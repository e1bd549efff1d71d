package io.provision.steps.os.region;

import io.provision.model.Content;
import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.resource.packages.Packages;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code timezone}: the host's clock shows the time of this zone, where the inventory says {@code
 * timezone}. By the files that {@code timedatectl} writes, so that it needs no bus: {@code
 * /etc/localtime} is a link to the zone, and {@code /etc/timezone}, where a system has it, its
 * name.
 *
 * @see <a href="https://www.freedesktop.org/software/systemd/man/latest/localtime.html">the
 *     link</a>
 */
public record Timezone() implements Step<Target.OnHost> {
  private static final String LINK = "/etc/localtime";
  private static final String NAME = "/etc/timezone";
  private static final String ZONES = "/usr/share/zoneinfo/";
  private static final Packages DATA = Packages.of("tzdata");

  /** {@code look_timezone ZONE}: where the link leads, and whether the zone is there. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_timezone",
          """
          link=$(readlink /etc/localtime 2>/dev/null) || link=
          printf '%s\\n' "$link"
          [ ! -f "/usr/share/zoneinfo/$1" ] || echo there
          return 0\
          """);

  /** {@code set_timezone ZONE}: by a rename, so that there is a zone at every moment. */
  private static final ShellFunction SET =
      new ShellFunction(
          "set_timezone",
          """
          if [ ! -f "/usr/share/zoneinfo/$1" ]; then
            echo "/usr/share/zoneinfo/$1 is not there: names of old are in the package tzdata-legacy" >&2
            return 1
          fi
          try ln -sf -- "/usr/share/zoneinfo/$1" /etc/localtime.new || return 1
          mv -f -- /etc/localtime.new /etc/localtime 2>/dev/null && return 0
          rm -f -- /etc/localtime.new
          echo '/etc/localtime cannot be replaced: it may be mounted, as a container has it' >&2
          return 1\
          """);

  private static final Kind<State> KIND = Kind.single(LOOK, State::read);

  /**
   * @param zone that is in use; empty where the link leads to none
   * @param known whether the system has the one that is wanted
   */
  record State(String zone, boolean known) {
    static State read(Frame frame) {
      var lines = frame.output().lines().toList();
      var link = lines.isEmpty() ? "" : lines.getFirst();
      var at = link.indexOf("zoneinfo/");
      return new State(
          at < 0 ? "" : link.substring(at + "zoneinfo/".length()), lines.contains("there"));
    }
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return target
        .host()
        .sections()
        .find(TimezoneSection.class)
        .flatMap(TimezoneSection::timezone)
        .map(zone -> Probes.of(question(zone.value()), Files.text(NAME)).and(DATA.probes()))
        .orElse(Probes.NONE);
  }

  private static Question<State> question(String zone) {
    return Question.of(KIND, zone);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var wanted =
        target.host().sections().find(TimezoneSection.class).flatMap(TimezoneSection::timezone);
    if (wanted.isEmpty()) {
      return new Check.Skipped("the inventory says no 'timezone'");
    }
    var zone = wanted.get().value();
    var state = seen.of(question(zone));
    var checks = new ArrayList<Check>();
    if (!state.known()) {
      checks.add(DATA.check(seen));
    }
    if (!state.zone().equals(zone) || !state.known()) {
      checks.add(
          new Check.Drift(
              List.of(Change.of(Change.Action.UPDATE, LINK, before(state, zone), ZONES + zone)),
              new Repair.OnHost(Script.of(SET, zone).standingAlone())));
    }
    var file = seen.of(Files.text(NAME));
    if (file.exists()) {
      checks.add(named(file, zone));
    }
    return Checks.together(checks);
  }

  private static String before(State state, String zone) {
    return ZONES + state.zone() + (state.zone().equals(zone) ? " (which is not there)" : "");
  }

  private static Check named(FileState file, String zone) {
    return ManagedFile.inPlaceOf(file, NAME, Content.of(zone + "\n")).check(file);
  }
}
