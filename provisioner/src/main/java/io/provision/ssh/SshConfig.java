package io.provision.ssh;

import io.provision.ssh.SshConfigFile.HostBlock;
import io.provision.ssh.SshConfigFile.Included;
import io.provision.ssh.SshConfigFile.MatchBlock;
import io.provision.ssh.SshConfigFile.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What ssh_config says, asked one host at a time. The first value of a keyword wins. */
final class SshConfig {
  private static final Set<String> HONOURED =
      Set.of(
          "hostname",
          "user",
          "port",
          "identityfile",
          "certificatefile",
          "identitiesonly",
          "identityagent",
          "proxyjump",
          "proxycommand",
          "userknownhostsfile",
          "globalknownhostsfile",
          "hostkeyalias",
          "connecttimeout",
          "kexalgorithms");

  /** Nothing that we do changes with these: sessions without terminal, forwarding or sharing. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "addkeystoagent",
          "batchmode",
          "checkhostip",
          "compression",
          "connectionattempts",
          "controlmaster",
          "controlpath",
          "controlpersist",
          "dynamicforward",
          "enableescapecommandline",
          "escapechar",
          "exitonforwardfailure",
          "fingerprinthash",
          "forwardagent",
          "forwardx11",
          "forwardx11timeout",
          "forwardx11trusted",
          "gatewayports",
          "gssapiauthentication",
          "gssapidelegatecredentials",
          "hashknownhosts",
          "ignoreunknown",
          "ipqos",
          "localforward",
          "loglevel",
          "logverbose",
          "nohostauthenticationforlocalhost",
          "numberofpasswordprompts",
          "obscurekeystroketiming",
          "permitlocalcommand",
          "localcommand",
          "permitremoteopen",
          "remoteforward",
          "requesttty",
          "sendenv",
          "setenv",
          "serveralivecountmax",
          "serveraliveinterval",
          "sessiontype",
          "stdinnull",
          "streamlocalbindmask",
          "streamlocalbindunlink",
          "syslogfacility",
          "tag",
          "tcpkeepalive",
          "tunnel",
          "tunneldevice",
          "updatehostkeys",
          "usekeychain",
          "visualhostkey",
          "xauthlocation",
          "warnweakcrypto");

  private final List<SshConfigFile> files;

  private SshConfig(List<SshConfigFile> files) {
    this.files = List.copyOf(files);
  }

  static SshConfig of(List<SshConfigFile> files) {
    return new SshConfig(files);
  }

  /** The given file alone, as {@code ssh -F} does, or the user's and then the system's. */
  static SshConfig load(Optional<Path> given, Workstation here) throws IOException {
    var ssh = here.home().resolve(".ssh");
    if (given.isPresent()) {
      return new SshConfig(List.of(SshConfigFile.read(given.get(), here, ssh)));
    }
    var files = new ArrayList<SshConfigFile>();
    if (Files.isRegularFile(ssh.resolve("config"))) {
      files.add(SshConfigFile.read(ssh.resolve("config"), here, ssh));
    }
    var system = here.systemConfig();
    if (Files.isRegularFile(system)) {
      var base = Optional.ofNullable(system.getParent()).orElse(ssh);
      files.add(SshConfigFile.read(system, here, base));
    }
    return new SshConfig(files);
  }

  /** The files it was read from, with those they include. */
  List<Path> sources() {
    return files.stream().flatMap(file -> file.sources().stream()).distinct().toList();
  }

  /**
   * All that holds for a host, in order.
   *
   * @param match who is asked about
   */
  SshConfigSettings lookup(Match match) throws IOException {
    var reading = new Reading();
    for (var file : files) {
      reading.collect(file, match);
    }
    if (files.stream().anyMatch(SshConfig::asksForFinal)) {
      for (var file : files) {
        reading.collect(file, match.forFinal());
      }
    }
    return new SshConfigSettings(
        List.copyOf(reading.settings), List.copyOf(reading.notHonoured), reading.undecided);
  }

  private static boolean asksForFinal(SshConfigFile file) {
    return file.lines().stream()
        .anyMatch(line ->
            switch (line) {
              case MatchBlock block ->
                  block.criteria().stream().anyMatch(word -> word.equalsIgnoreCase("final"));
              case Included included -> included.files().stream().anyMatch(SshConfig::asksForFinal);
              case HostBlock _, Option _ -> false;
            });
  }

  /** What has been found so far. */
  private static final class Reading {
    private final List<Option> settings = new ArrayList<>();
    private final Set<String> notHonoured = new LinkedHashSet<>();
    private Optional<String> undecided = Optional.empty();

    private enum Applies {
      YES,
      NO,
      PERHAPS
    }

    void collect(SshConfigFile file, Match match) throws IOException {
      var applies = Applies.YES;
      for (var line : file.lines()) {
        switch (line) {
          case HostBlock block ->
              applies = Glob.matchesAny(block.patterns(), match.asked()) ? Applies.YES : Applies.NO;
          case MatchBlock block -> applies = applies(block, match);
          case Included included -> {
            if (applies == Applies.YES) {
              for (var each : included.files()) {
                collect(each, match);
              }
            }
          }
          case Option option -> note(option, applies);
        }
      }
    }

    private Applies applies(MatchBlock block, Match match) throws IOException {
      return switch (match.of(block.criteria(), settings)) {
        case Match.Result.Holds(var holds) -> holds ? Applies.YES : Applies.NO;
        case Match.Result.NotEvaluated(var criterion, var possible) -> {
          if (possible) {
            notHonoured.add(
                "%s: 'Match %s' is not evaluated here, what follows it is not used"
                    .formatted(block.where(), criterion));
          }
          yield possible ? Applies.PERHAPS : Applies.NO;
        }
      };
    }

    private void note(Option option, Applies applies) {
      var keyword = option.keyword().toLowerCase(Locale.ROOT);
      var none = option.values().equals(List.of("none"));
      switch (applies) {
        case NO -> {
          // for other hosts
        }
        case PERHAPS -> {
          if (keyword.startsWith("proxy") && !none && undecided.isEmpty() && !decided()) {
            undecided = Optional.of(option.where() + ": " + option.keyword());
          }
        }
        case YES -> {
          if (HONOURED.contains(keyword)) {
            settings.add(option);
          } else if (!WITHOUT_EFFECT.contains(keyword) && !none) {
            notHonoured.add("%s: '%s' is not honoured".formatted(option.where(), option.keyword()));
          }
        }
      }
    }

    private boolean decided() {
      return settings.stream()
          .map(option -> option.keyword().toLowerCase(Locale.ROOT))
          .anyMatch(keyword -> keyword.equals("proxyjump") || keyword.equals("proxycommand"));
    }
  }
}
