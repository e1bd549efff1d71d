package io.provision.ssh;

import io.provision.ssh.SshConfigFile.Option;
import java.util.List;
import java.util.Optional;

/**
 * What ssh_config says of one host.
 *
 * @param notHonoured one line for each setting that would matter and is not understood
 * @param undecided a proxy of which it is not known whether it is meant for this host
 */
record SshConfigSettings(
    List<Option> options, List<String> notHonoured, Optional<String> undecided) {
  /** The first value of a keyword, which is the one that counts. */
  Optional<String> first(String keyword) {
    return option(keyword).map(option -> option.values().getFirst());
  }

  /** Whichever of these comes first. */
  Optional<Option> firstOf(String one, String other) {
    return options.stream()
        .filter(o -> o.keyword().equalsIgnoreCase(one) || o.keyword().equalsIgnoreCase(other))
        .findFirst();
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
