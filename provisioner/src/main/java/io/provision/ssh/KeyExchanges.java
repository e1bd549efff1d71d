package io.provision.ssh;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** In which ways a login may agree on keys: those that every library here has. */
final class KeyExchanges {
  /**
   * The first is the one that a quantum computer could not undo afterwards; OpenSSH has it since
   * 9.9 and warns of others since 10.1 (openssh.com/pq.html).
   */
  static final List<String> ALL =
      List.of(
          "mlkem768x25519-sha256",
          "curve25519-sha256",
          "curve25519-sha256@libssh.org",
          "ecdh-sha2-nistp256",
          "ecdh-sha2-nistp384",
          "ecdh-sha2-nistp521",
          "diffie-hellman-group-exchange-sha256",
          "diffie-hellman-group16-sha512",
          "diffie-hellman-group14-sha256");

  private KeyExchanges() {}

  /**
   * As {@code KexAlgorithms} has it, ssh_config(5): a list; or behind {@code +} what is appended,
   * behind {@code -} what is left out, behind {@code ^} what comes first. What is not known here is
   * left out.
   *
   * @throws IllegalArgumentException where nothing is left
   */
  static List<String> of(Optional<String> said) {
    if (said.isEmpty()) {
      return ALL;
    }
    var text = said.get();
    var words = List.of(text.replaceFirst("^[-+^]", "").split(","));
    var named = ALL.stream().filter(it -> Glob.matchesAny(words, it)).toList();
    var others = ALL.stream().filter(it -> !named.contains(it)).toList();
    var chosen =
        switch (text.isEmpty() ? ' ' : text.charAt(0)) {
          case '+' -> ALL;
          case '-' -> others;
          case '^' -> Stream.concat(inOrder(words, named).stream(), others.stream()).toList();
          default -> inOrder(words, named);
        };
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "KexAlgorithms '%s' leaves nothing that is known here; known are %s"
              .formatted(text, String.join(", ", ALL)));
    }
    return chosen;
  }

  /** As they were named; those that one pattern stands for as they are here. */
  private static List<String> inOrder(List<String> words, List<String> named) {
    var order = new ArrayList<String>();
    for (var word : words) {
      named.stream()
          .filter(it -> Glob.matchesAny(List.of(word), it) && !order.contains(it))
          .forEach(order::add);
    }
    return order;
  }
}
