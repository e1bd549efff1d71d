package io.provision.engine.session;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What to do about a command that failed, by what it printed: the messages of the kernel
 * (errno(3)), apt, dpkg and dnf in the C locale, which is what scripts run in.
 */
final class Remedies {
  private record Remedy(Pattern evidence, String what) {
    static Remedy of(String evidence, String what) {
      return new Remedy(Pattern.compile(evidence), what);
    }
  }

  private static final List<Remedy> BY_EVIDENCE =
      List.of(
          Remedy.of("No space left on device", "make room there (df -h)"),
          Remedy.of(
              "Read-only file system", "see why it is read-only there (dmesg), and remount it"),
          Remedy.of(
              "Could not get lock|Unable to (acquire|lock)|is another process using it",
              "wait for the other apt or dpkg that runs there, or stop unattended-upgrades"),
          Remedy.of("dpkg was interrupted", "run there: dpkg --configure -a"),
          Remedy.of(
              "(?m)Temporary failure (resolving|in name resolution)|Could not resolve",
              "the host resolves no names: check /etc/resolv.conf and its internet access"),
          Remedy.of(
              "Unable to locate package|no installation candidate|Version .* was not found",
              "correct the package's name or version (apt-cache policy NAME says what there is)"),
          Remedy.of(
              "Unable to find a match|No match for argument",
              "correct the package's name or version (dnf list --showduplicates NAME says what there"
                  + " is)"),
          Remedy.of(
              "Failed to download metadata|Cannot download",
              "check its internet access, its proxy and /etc/yum.repos.d"),
          Remedy.of(
              "Failed to fetch|Could not connect|Network is unreachable|Connection timed out",
              "check its internet access, its proxy and /etc/apt/sources.list"),
          Remedy.of(
              "unmet dependencies|held broken packages",
              "see what is in conflict or on hold there (apt-get -f install, apt-mark showhold)"),
          Remedy.of(
              "Cannot allocate memory|Out of memory", "give it more memory (free -m, dmesg)"));

  private static final Remedy ANY = Remedy.of("", "fix what the lines say");

  private Remedies() {}

  /**
   * @param exit the exit status of what failed
   * @param lines the last it printed
   */
  static String of(int exit, List<String> lines) {
    var text = String.join("\n", lines);
    var known =
        BY_EVIDENCE.stream().filter(each -> each.evidence().matcher(text).find()).findFirst();
    return known.or(() -> byStatus(exit)).orElse(ANY).what() + ", then run the same command again";
  }

  /**
   * As shells report it: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
   */
  private static Optional<Remedy> byStatus(int exit) {
    return switch (exit) {
      case 127 -> Optional.of(Remedy.of("", "install that program there, or correct its path"));
      case 126 -> Optional.of(Remedy.of("", "make that program executable there"));
      case 137 ->
          Optional.of(
              Remedy.of("", "see there who killed it (dmesg, journalctl): often a lack of memory"));
      default -> Optional.empty();
    };
  }
}
