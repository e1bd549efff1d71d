package io.provision.resource.packages;

import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Debian's: one {@code dpkg-query} looks for all packages of a host, one {@code apt-get} installs
 * what is missing, never asking anything. Where dpkg was interrupted, it is finished first. Neither
 * takes a package away that nobody named.
 */
final class Apt implements PackageManager {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]+(:[a-z0-9]+)?");

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_packages",
          """
          dpkg-query -W -f '${Package} ${Architecture} ${db:Status-Want} ${db:Status-Status} ${Version}\\n' -- "$@"
          return 0\
          """);

  private static final PackageKind KIND = new PackageKind(LOOK, Apt::read);

  /**
   * {@code add_packages MAY_GO NAME[=VERSION]...}: without a word apt-get would take away what is
   * in conflict with a package, as Debian's containerd is with Docker's containerd.io and so with
   * docker-ce. Only where all that goes is among the names in MAY_GO it may.
   */
  private static final ShellFunction ADD =
      new ShellFunction(
          "add_packages",
          """
          may_go=$1
          shift
          run_apt install --no-remove --no-install-recommends -- "$@" 2>/run/provision/apt.failed && return 0
          grep -qsF 'Packages need to be removed but remove is disabled' /run/provision/apt.log || return 100
          going='' kept=''
          for package in $(apt-get -s -q -y --no-install-recommends install -- "$@" 2>/dev/null </dev/null |
            head -c 1000000 | sed -n 's/^Remv \\([a-z0-9][a-z0-9+.-]*\\).*/\\1/p'); do
            going="$going $package"
            case " $may_go " in *" $package "*) ;; *) kept="$kept $package" ;; esac
          done
          if [ -z "$going" ] || [ -n "$kept" ]; then
            printf 'hint: see there what they are for, and remove them yourself if they may go: apt-get -s install' >/run/provision/apt.failed
            printf ' %s' "$@" >>/run/provision/apt.failed
            printf '\\ninstalling %s would take away:%s\\n' "$*" "${kept:- other packages}" >>/run/provision/apt.failed
            return 100
          fi
          run_apt install --no-install-recommends -- "$@" 2>/run/provision/apt.failed\
          """,
          List.of(AptScripts.RUN_APT));

  /**
   * {@code install_packages MAY_GO NAME[=VERSION]...}. Package lists are fetched only where they do
   * not know the package: asking them first costs as much as apt needs to find out by itself. One
   * repository that cannot be fetched fails the fetching of all; the packages may well be in
   * another one.
   */
  private static final ShellFunction INSTALL =
      new ShellFunction(
          "install_packages",
          """
          may_go=$1
          shift
          finish_dpkg || return
          say "installing $*"
          add_packages "$may_go" "$@" && return 0
          if grep -qsE '^E: (Failed to fetch|Unable to (fetch|locate)|Version |Package .* has no installation candidate)' \
            /run/provision/apt.log; then
            say "updating the package lists"
            run_apt update 2>/run/provision/apt.update
            updated=$?
            [ "$updated" = 0 ] || {
              sed -n 's/^\\([EW]: .*\\)/not all package lists are new: \\1/p' /run/provision/apt.log |
                head -c 100000 | tr -d '\\000' | head -n 5 | while read -r line; do say "$line"; done
            }
            say "installing $*"
            add_packages "$may_go" "$@" && return 0
            [ "$updated" = 0 ] || ! grep -qsE '^E: (Unable to locate|Version |Package .* has no installation candidate)' /run/provision/apt.log || {
              cat /run/provision/apt.update >&2
              echo "hint: take a repository that no longer exists, or has nothing for this system, out of apt's sources; then 'apt-get update' there ends without an error" >&2
              echo "the package lists could not be updated" >&2
              return "$updated"
            }
          fi
          cat /run/provision/apt.failed >&2
          return 100\
          """,
          List.of(AptScripts.FINISH, AptScripts.RUN_APT, ADD));

  @Override
  public String program() {
    return "apt-get";
  }

  @Override
  public Optional<Publishing> publishing() {
    return Optional.of(new AptPublishing(this));
  }

  @Override
  public Optional<Upgrading> upgrading() {
    return Optional.of(AptUpgrades.UPGRADING);
  }

  @Override
  public Optional<String> objection(Wanted wanted) {
    return NAME.matcher(wanted.name()).matches()
        ? Optional.empty()
        : Optional.of("'%s' is not a valid name for a Debian package".formatted(wanted.name()));
  }

  @Override
  public Question<PackageState> question(Wanted wanted) {
    return Question.of(KIND, wanted.name());
  }

  private static Map<String, PackageState> read(Frame frame) {
    var states = new HashMap<String, PackageState>();
    for (var line : frame.output().split("\n")) {
      var words = line.split(" ", 5);
      if (words.length == 5) {
        var state = state(words[2], words[3], words[4]);
        states.merge(words[0], state, (a, b) -> a.isInstalled() ? a : b);
        states.put(words[0] + ":" + words[1], state);
      }
    }
    return states;
  }

  private static PackageState state(String want, String status, String version) {
    var installed = status.equals("installed");
    var broken = status.startsWith("half-") || status.equals("unpacked");
    return new PackageState(installed ? version : "", want.equals("hold"), broken);
  }

  @Override
  public boolean isMet(Wanted wanted, PackageState state) {
    return state.isInstalled() && wanted.version().map(state.version()::equals).orElse(true);
  }

  @Override
  public String release() {
    return "'apt-mark unhold' them on the host, or want the version that is there";
  }

  @Override
  public Probes probes() {
    return Probes.of(DpkgState.question());
  }

  @Override
  public Optional<Interruption> interruption(Observations seen) {
    var dpkg = seen.of(DpkgState.question());
    return dpkg.interrupted()
        ? Optional.of(
            new Interruption(
                "dpkg", dpkg.toString(), "configured", "'dpkg --configure -a' finishes it"))
        : Optional.empty();
  }

  @Override
  public Call install(List<Wanted> wanted, List<String> mayGo) {
    var names = wanted.stream().map(Wanted::toString);
    return Call.of(
        INSTALL, Stream.concat(Stream.of(String.join(" ", mayGo)), names).toArray(String[]::new));
  }
}
