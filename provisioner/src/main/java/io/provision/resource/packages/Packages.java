package io.provision.resource.packages;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.Piece;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Debian packages that are installed, in any version or in the one that {@code name=version} says.
 * One {@code dpkg-query} looks for all of a host, one {@code apt-get} installs what is missing.
 * Where dpkg was interrupted, it is finished first, as far as that takes nothing away.
 */
public record Packages(List<Wanted> wanted) implements Piece {
  private static final Duration LIMIT = Duration.ofMinutes(30);

  /** A package, and the version it must have, if any. */
  public record Wanted(String name, Optional<String> version) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]{1,127}(:[a-z0-9]+)?");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9.+~:-]{1,128}");

    public Wanted {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "'%s' is not a valid name for a Debian package".formatted(name));
      }
      version.ifPresent(it -> {
        if (!VERSION.matcher(it).matches()) {
          throw new IllegalArgumentException("'%s' is not a version of %s".formatted(it, name));
        }
      });
    }

    /** Reads {@code name} or {@code name=version}, as apt-get does. */
    public static Wanted parse(String text) {
      var equals = text.indexOf('=');
      return equals < 0
          ? new Wanted(text, Optional.empty())
          : new Wanted(text.substring(0, equals), Optional.of(text.substring(equals + 1)));
    }

    boolean isMetBy(PackageState state) {
      return state.isInstalled() && version.map(state.version()::equals).orElse(true);
    }

    Question<PackageState> question() {
      return Question.of(KIND, name);
    }

    @Override
    public String toString() {
      return version.map(it -> name + "=" + it).orElse(name);
    }
  }

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_packages",
          """
          dpkg-query -W -f '${Package} ${Architecture} ${db:Status-Want} ${db:Status-Status} ${Version}\\n' -- "$@"
          return 0\
          """);

  private static final Kind<PackageState> KIND = new PackageKind();

  public Packages {
    wanted = List.copyOf(wanted);
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException("no package is named");
    }
  }

  /** Packages as apt-get names them: {@code name} or {@code name=version}. */
  public static Packages of(String... packages) {
    return new Packages(List.of(packages).stream().map(Wanted::parse).toList());
  }

  /** What dpkg says about a package; it takes part in the same one question. */
  public static Question<PackageState> question(String name) {
    return Wanted.parse(name).question();
  }

  @Override
  public Probes probes() {
    return Probes.ofAll(wanted.stream().<Question<?>>map(Wanted::question).toList())
        .and(Probes.of(DpkgState.question()));
  }

  @Override
  public Check check(Observations seen) {
    var changes = new ArrayList<Change>();
    var install = new ArrayList<String>();
    var held = new ArrayList<String>();
    for (var one : wanted) {
      var state = seen.of(one.question());
      if (one.isMetBy(state)) {
        continue;
      }
      if (state.held()) {
        held.add(one + " (held" + (state.isInstalled() ? " at " + state.version() : "") + ")");
      }
      install.add(one.toString());
      changes.add(change(one, state));
    }
    if (!held.isEmpty()) {
      return new Check.Refused(
          "packages are on hold: " + String.join(", ", held),
          "'apt-mark unhold' them on the host, or want the version that is there");
    }
    var dpkg = seen.of(DpkgState.question());
    if (changes.isEmpty()) {
      return dpkg.interrupted()
          ? new Check.InSync(
              Observed.noting("dpkg was %s: 'dpkg --configure -a' finishes it".formatted(dpkg)))
          : new Check.InSync();
    }
    if (dpkg.interrupted()) {
      changes.addFirst(Change.of(Change.Action.UPDATE, "dpkg", dpkg.toString(), "configured"));
    }
    var script = Script.of(AptScripts.INSTALL, install.toArray(String[]::new)).within(LIMIT);
    return new Check.Drift(changes, new Repair.OnHost(List.of(script), true));
  }

  private static Change change(Wanted one, PackageState state) {
    var action = state.isInstalled() ? Change.Action.UPGRADE : Change.Action.INSTALL;
    var from = state.broken() ? "half installed" : state.version();
    return Change.of(action, "package " + one.name(), from, one.version().orElse("installed"));
  }

  private record PackageKind() implements Kind<PackageState> {
    @Override
    public ShellFunction function() {
      return LOOK;
    }

    @Override
    public boolean batched() {
      return true;
    }

    @Override
    public boolean standsAlone() {
      return true;
    }

    @Override
    public boolean isMissing(PackageState state) {
      return !state.isInstalled();
    }

    @Override
    public List<PackageState> read(List<Question<PackageState>> asked, Frame frame) {
      var states = new HashMap<String, PackageState>();
      for (var line : frame.output().split("\n")) {
        var words = line.split(" ", 5);
        if (words.length == 5) {
          var state = state(words[2], words[3], words[4]);
          states.merge(words[0], state, (a, b) -> a.isInstalled() ? a : b);
          states.put(words[0] + ":" + words[1], state);
        }
      }
      return asked.stream()
          .map(it -> states.getOrDefault(it.arguments().getFirst(), PackageState.ABSENT))
          .toList();
    }

    private static PackageState state(String want, String status, String version) {
      var installed = status.equals("installed");
      var broken = status.startsWith("half-") || status.equals("unpacked");
      return new PackageState(installed ? version : "", want.equals("hold"), broken);
    }
  }
}
