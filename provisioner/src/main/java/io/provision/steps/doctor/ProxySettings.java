package io.provision.steps.doctor;

import io.provision.remote.Frame;
import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What programs of a host are told of proxies. Users and passwords in URLs stay on the host.
 *
 * @param settings in the order in which they were found
 * @param servers by URL: {@code reached}, {@code refused}, {@code silent} or {@code unknown}
 */
record ProxySettings(List<Setting> settings, Map<String, String> servers) {
  private static final ShellFunction SETTINGS =
      new ShellFunction(
          "proxy_settings",
          """
          for file in /etc/environment /etc/default/k3s /etc/sysconfig/k3s /etc/systemd/system/k3s.service.env \\
            /etc/systemd/system/k3s-agent.service.env /etc/systemd/system.conf /etc/systemd/system.conf.d/*.conf \\
            /etc/systemd/system/k3s.service.d/*.conf /etc/systemd/system/k3s-agent.service.d/*.conf \\
            /etc/systemd/system/containerd.service.d/*.conf /etc/systemd/system/kubelet.service.d/*.conf; do
            [ -f "$file" ] || continue
            head -c 100000 "$file" | tr -d '\\000"' | tr -d "'" | tr '\\t ' '\\n\\n' |
              sed 's/^DefaultEnvironment=//; s/^Environment=//; s/^export$//' |
              grep -iE '^(http_proxy|https_proxy|all_proxy|no_proxy)=.' | head -n 20 |
              sed "s#^\\\\([^=]*=\\\\)\\\\([A-Za-z0-9+.-]*://\\\\)\\\\{0,1\\\\}.*@#\\\\1\\\\2#; s#^\\\\([^=]*\\\\)=#\\\\1 #; s#^#setting=$file #"
          done
          for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
            [ -f "$file" ] || continue
            head -c 100000 "$file" | tr -d '\\000' |
              sed -n 's#^[[:space:]]*Acquire::https*::[Pp]roxy[[:space:]][[:space:]]*"\\([^"][^"]*\\)".*#\\1#p' |
              grep -vi '^DIRECT' | head -n 5 | sed "s#^\\\\([A-Za-z0-9+.-]*://\\\\)\\\\{0,1\\\\}.*@#\\\\1#; s#^#setting=$file apt_proxy #"
          done\
          """);

  /**
   * {@code setting=FILE NAME VALUE}, where apt's is called {@code apt_proxy}; {@code server=URL
   * STATE}.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_proxies",
          """
          settings=$(proxy_settings)
          [ -n "$settings" ] || return 0
          printf '%s\\n' "$settings"
          command -v perl >/dev/null || return 0
          printf '%s\\n' "$settings" | awk '$2 !~ /^no_proxy$/i && tolower($2) != "no_proxy" { print $3 }' | sort -u | head -n 5 | perl -e '
            use strict;
            use Socket qw(:DEFAULT getaddrinfo);
            use Fcntl;
            use Errno qw(EINPROGRESS);
            for my $url (<STDIN>) {
              chomp $url;
              next unless $url =~ m{^(?:[A-Za-z0-9]+://)?(\\[[^\\]]+\\]|[^:/]+)(?::([0-9]+))?};
              my ($host, $port) = ($1, $2 || 80);
              $host =~ s/[\\[\\]]//g;
              my $state = "unknown";
              eval {
                local $SIG{ALRM} = sub { die };
                alarm 5;
                my ($error, $at) = getaddrinfo($host, $port, { socktype => SOCK_STREAM });
                die if $error || !$at;
                socket(my $socket, $at->{family}, SOCK_STREAM, $at->{protocol}) or die;
                fcntl($socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK);
                if (connect($socket, $at->{addr})) { $state = "reached" }
                elsif (!$!{EINPROGRESS}) { $state = "refused" }
                else {
                  my $ready = "";
                  vec($ready, fileno $socket, 1) = 1;
                  $state = select(undef, $ready, undef, 3) < 1 ? "silent"
                    : unpack("i", getsockopt($socket, SOL_SOCKET, SO_ERROR)) ? "refused" : "reached";
                }
              };
              alarm 0;
              print "server=$url $state\\n";
            }' 2>/dev/null
          return 0\
          """,
          List.of(SETTINGS));

  private static final Question<ProxySettings> QUESTION =
      Question.of(Kind.volatileSingle(LOOK, ProxySettings::read));

  /**
   * @param name in lower case
   * @param value a URL, or a list of what is reached without
   */
  record Setting(String file, String name, String value) {
    boolean isException() {
      return name.equals("no_proxy");
    }

    boolean isOfApt() {
      return name.equals("apt_proxy");
    }
  }

  ProxySettings {
    settings = List.copyOf(settings);
    servers = Map.copyOf(servers);
  }

  static Question<ProxySettings> question() {
    return QUESTION;
  }

  static ProxySettings read(Frame frame) {
    var said = Pairs.stripped(frame);
    var servers = new LinkedHashMap<String, String>();
    for (var line : said.all("server")) {
      var words = line.split(" ", 2);
      if (words.length == 2) {
        servers.put(words[0], words[1]);
      }
    }
    return new ProxySettings(
        said.all("setting").stream()
            .map(line -> line.split(" ", 3))
            .filter(words -> words.length == 3)
            .map(words -> new Setting(words[0], words[1].toLowerCase(Locale.ROOT), words[2]))
            .toList(),
        servers);
  }

  /** What is said to be reached without, in that file. */
  List<String> exceptions(String file) {
    return settings.stream()
        .filter(it -> it.isException() && it.file().equals(file))
        .flatMap(it -> List.of(it.value().split(",")).stream())
        .map(String::strip)
        .filter(it -> !it.isEmpty())
        .toList();
  }
}
