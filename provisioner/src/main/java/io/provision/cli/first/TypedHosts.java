package io.provision.cli.first;

import io.provision.cli.run.Refused;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.model.SshAddress;
import io.provision.model.SshSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Hosts as they are typed: {@code [user@]host[:port]}, and several at once as {@code
 * 192.168.56.11-13} or {@code node[1-3]}.
 */
record TypedHosts(SshSettings ssh) {
  private static final int MOST = 1000;
  private static final Position TYPED = new Position("typed", 1, 1);

  private static final Pattern FORM =
      Pattern.compile(
          "(?:([A-Za-z0-9_][A-Za-z0-9_.-]{0,31})@)?"
              + "([^@:]+|\\[[0-9A-Fa-f:.]+]|[0-9A-Fa-f.]*:[^@]*:[^@]*)(?::(\\d{1,5}))?");

  private static final Pattern ADDRESSES =
      Pattern.compile("((?:\\d{1,3}\\.){3})(\\d{1,3})-(\\d{1,3})");

  private static final Pattern NAMES =
      Pattern.compile("([^\\[\\]]*)\\[(\\d{1,4})-(\\d{1,4})]([^\\[\\]]*)");

  List<Host> of(List<String> words) throws Refused {
    var hosts = new ArrayList<Host>();
    for (var word : words) {
      var form = FORM.matcher(word);
      if (!form.matches()) {
        throw new Refused(word, "is not a host. write [user@]host[:port]");
      }
      var user = Optional.ofNullable(form.group(1));
      var port = Optional.ofNullable(form.group(3)).map(Integer::valueOf);
      if (port.filter(it -> it < 1 || it > 65535).isPresent()) {
        throw new Refused(word, "%d is not a port: 1 to 65535".formatted(port.get()));
      }
      for (var address : all(form.group(2), word)) {
        hosts.add(host(address, user, port, word, hosts));
      }
    }
    var addresses = hosts.stream().map(it -> it.address() + ":" + it.ssh().port()).toList();
    if (Set.copyOf(addresses).size() < addresses.size()) {
      throw new Refused(String.join(" ", words), "a host is named twice");
    }
    return hosts;
  }

  private static List<String> all(String text, String word) throws Refused {
    var addresses = ADDRESSES.matcher(text);
    if (addresses.matches()) {
      return range(addresses.group(1), addresses.group(2), addresses.group(3), "", word);
    }
    var names = NAMES.matcher(text);
    if (names.matches()) {
      return range(names.group(1), names.group(2), names.group(3), names.group(4), word);
    }
    var bare = text.startsWith("[") && text.endsWith("]");
    return List.of(bare ? text.substring(1, text.length() - 1) : text);
  }

  private static List<String> range(
      String before, String first, String last, String after, String word) throws Refused {
    int from = Integer.parseInt(first);
    int to = Integer.parseInt(last);
    if (to < from || to - from >= MOST) {
      throw new Refused(word, "is not a range of at most %d hosts".formatted(MOST));
    }
    var form = first.startsWith("0") && first.length() > 1 ? "%0" + first.length() + "d" : "%d";
    return IntStream.rangeClosed(from, to)
        .mapToObj(it -> before + form.formatted(it) + after)
        .toList();
  }

  private Host host(
      String address, Optional<String> user, Optional<Integer> port, String word, List<Host> before)
      throws Refused {
    try {
      return new Host(
          name(address, before),
          new SshAddress(address),
          Optional.empty(),
          Set.of(),
          Map.of(),
          List.of(),
          ssh.withLogin(user, port),
          Map.of(),
          TYPED);
    } catch (IllegalArgumentException e) {
      throw new Refused(word, String.valueOf(e.getMessage()));
    }
  }

  /** What it is called while it is asked: of several ports of one address each its own. */
  private static HostName name(String address, List<Host> before) {
    try {
      var name = new HostName(address);
      if (before.stream().noneMatch(it -> it.name().equals(name))) {
        return name;
      }
    } catch (IllegalArgumentException _) {
      // an address that is no name
    }
    return new HostName("host%d".formatted(before.size() + 1));
  }
}
