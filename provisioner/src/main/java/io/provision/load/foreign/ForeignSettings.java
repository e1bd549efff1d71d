package io.provision.load.foreign;

import io.provision.load.foreign.Carried.Left;
import io.provision.model.Cidr;
import io.provision.model.NodeAddress;
import io.provision.model.SshAddress;
import io.provision.model.Version;
import io.provision.section.Node;
import io.provision.section.Node.Scalar;
import io.provision.section.ZoneName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Keys with their values, of which some are taken; all that nobody took, and whatever is not of the
 * form that is needed, is said to be left.
 */
final class ForeignSettings {
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}");
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

  private final Map<String, Node> open;
  private final List<Left> left = new ArrayList<>();

  ForeignSettings(Map<String, Node> all) {
    open = new LinkedHashMap<>(all);
  }

  /** A name or an address, where the text is one. */
  static Optional<String> asName(String text) {
    return Optional.of(text).filter(it -> NAME.matcher(it).matches());
  }

  /** The text of whichever of these keys is there; all of them are done with then. */
  Optional<String> text(String... keys) {
    return first(keys, Function.identity(), "it is not a text");
  }

  Optional<String> user(String... keys) {
    return first(keys, it -> matching(USER, it), "it is not the name of a user");
  }

  Optional<String> name(String... keys) {
    return first(keys, it -> matching(NAME, it), "it is neither a name nor an address");
  }

  Optional<SshAddress> address(String... keys) {
    return first(keys, SshAddress::new, "it is not an address");
  }

  Optional<NodeAddress> nodeAddress(String... keys) {
    return first(keys, NodeAddress::parse, "it is not an IP address");
  }

  Optional<Cidr> cidr(String... keys) {
    return first(keys, Cidr::parse, "it is not a range of addresses");
  }

  Optional<Integer> port(String... keys) {
    return first(
        keys,
        text -> {
          var port = Integer.parseInt(text);
          if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(text);
          }
          return port;
        },
        "it is not a port");
  }

  /** Of Kubernetes, with or without the v in front. */
  Optional<String> version(String... keys) {
    return first(
        keys,
        text -> {
          var whole = text.startsWith("v") ? text : "v" + text;
          return Version.parse(whole).toString();
        },
        "it is not a version");
  }

  Optional<ZoneName> zone(String key) {
    return first(new String[] {key}, ZoneName::new, "it is not the name of a zone");
  }

  /** Of addresses: the first and the last, or a network. */
  Optional<String> range(String key) {
    return first(
        new String[] {key},
        text -> {
          for (var part : text.split("-", 2)) {
            var _ = part.contains("/") ? Cidr.parse(part).network() : NodeAddress.parse(part);
          }
          return text;
        },
        "it is not a range of addresses");
  }

  private static String matching(Pattern pattern, String text) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  /** A value that is worked out when the other tool runs is none here. */
  private <T> Optional<T> first(String[] keys, Function<String, T> parse, String otherwise) {
    Optional<T> found = Optional.empty();
    for (var key : keys) {
      var node = open.remove(key);
      if (node == null || node.isNull()) {
        continue;
      }
      if (!(node instanceof Scalar(var text, var _, var at))) {
        left.add(new Left(node.position(), key, otherwise));
      } else if (text.contains("{{")) {
        left.add(new Left(at, key, "its value is worked out when that tool runs: write it down"));
      } else if (found.isEmpty()) {
        found = parsed(text, parse);
        if (found.isEmpty()) {
          left.add(new Left(at, key, otherwise));
        }
      }
    }
    return found;
  }

  private static <T> Optional<T> parsed(String text, Function<String, T> parse) {
    try {
      return Optional.of(parse.apply(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** A text with its place. */
  Optional<Scalar> scalar(String key) {
    return open.get(key) instanceof Scalar scalar && text(key).isPresent()
        ? Optional.of(scalar)
        : Optional.empty();
  }

  /** A value that is more than a text. */
  Optional<Node> node(String key) {
    return Optional.ofNullable(open.remove(key)).filter(it -> !it.isNull());
  }

  /** Means nothing here, and need not be said. */
  void ignore(String... keys) {
    for (var key : keys) {
      open.remove(key);
    }
  }

  /** Is left for this reason, where it is there. */
  void leave(String why, String... keys) {
    for (var key : keys) {
      var node = open.remove(key);
      if (node != null) {
        left.add(new Left(node.position(), key, why));
      }
    }
  }

  /** All that is left, what nobody asked for with it. */
  List<Left> left() {
    var all = new ArrayList<>(left);
    open.forEach((key, node) ->
        all.add(new Left(node.position(), key, "there is nothing here that it could be")));
    return all;
  }
}
