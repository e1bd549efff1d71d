package io.provision.ssh;

import io.provision.ssh.ConfigFile.HostBlock;
import io.provision.ssh.ConfigFile.Included;
import io.provision.ssh.ConfigFile.MatchBlock;
import io.provision.ssh.ConfigFile.Option;
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
          "identitiesonly",
          "identityagent",
          "proxyjump",
          "userknownhostsfile",
          "globalknownhostsfile",
          "hostkeyalias");

  /** Nothing that we do changes with these: sessions without terminal, forwarding or sharing. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "addkeystoagent",
          "batchmode",
          "checkhostip",
          "compression",
          "connectionattempts",
          "connecttimeout",
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

  private final List<ConfigFile> files;

  private SshConfig(List<ConfigFile> files) {
    this.files = List.copyOf(files);
  }

  /** The given file alone, as {@code ssh -F} does, or the user's and then the system's. */
  static SshConfig load(Optional<Path> given, Workstation here) throws IOException {
    var ssh = here.home().resolve(".ssh");
    if (given.isPresent()) {
      return new SshConfig(List.of(ConfigFile.read(given.get(), here, ssh)));
    }
    var files = new ArrayList<ConfigFile>();
    if (Files.isRegularFile(ssh.resolve("config"))) {
      files.add(ConfigFile.read(ssh.resolve("config"), here, ssh));
    }
    var system = here.systemConfig();
    if (Files.isRegularFile(system)) {
      var base = Optional.ofNullable(system.getParent()).orElse(ssh);
      files.add(ConfigFile.read(system, here, base));
    }
    return new SshConfig(files);
  }

  /** All that holds for a host as it was named, in order. */
  Settings lookup(String host) {
    var settings = new ArrayList<Option>();
    var notHonoured = new LinkedHashSet<String>();
    for (var file : files) {
      collect(file, host, settings, notHonoured);
    }
    return new Settings(List.copyOf(settings), List.copyOf(notHonoured));
  }

  private static void collect(
      ConfigFile file, String host, List<Option> settings, Set<String> notHonoured) {
    var applies = true;
    for (var line : file.lines()) {
      switch (line) {
        case HostBlock block -> applies = Glob.matchesAny(block.patterns(), host);
        case MatchBlock block -> {
          applies = block.criteria().equals(List.of("all"));
          if (!applies) {
            notHonoured.add(
                "%s: 'Match %s' is not evaluated, what follows it is not used"
                    .formatted(block.where(), String.join(" ", block.criteria())));
          }
        }
        case Included included -> {
          if (applies) {
            included.files().forEach(each -> collect(each, host, settings, notHonoured));
          }
        }
        case Option option -> {
          if (applies) {
            note(option, settings, notHonoured);
          }
        }
      }
    }
  }

  private static void note(Option option, List<Option> settings, Set<String> notHonoured) {
    var keyword = option.keyword().toLowerCase(Locale.ROOT);
    var none = option.values().equals(List.of("none"));
    if (HONOURED.contains(keyword) || (keyword.equals("proxycommand") && none)) {
      settings.add(option);
    } else if (!WITHOUT_EFFECT.contains(keyword) && !none) {
      notHonoured.add("%s: '%s' is not honoured".formatted(option.where(), option.keyword()));
    }
  }

  /**
   * @param notHonoured one line for each setting that would matter and is not understood
   */
  record Settings(List<Option> options, List<String> notHonoured) {
    /** The first value of a keyword, which is the one that counts. */
    Optional<String> first(String keyword) {
      return option(keyword).map(option -> option.values().getFirst());
    }

    Optional<Option> option(String keyword) {
      return options.stream().filter(o -> o.keyword().equalsIgnoreCase(keyword)).findFirst();
    }

    /** The values of all lines with this keyword: IdentityFile adds up. */
    List<String> all(String keyword) {
      return options.stream()
          .filter(option -> option.keyword().equalsIgnoreCase(keyword))
          .flatMap(option -> option.values().stream())
          .toList();
    }
  }
}
