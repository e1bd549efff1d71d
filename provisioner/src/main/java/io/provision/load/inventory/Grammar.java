package io.provision.load.inventory;

import io.provision.model.Label;
import io.provision.model.NodeAddress;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The texts of an inventory, each with a grammar that leaves no room for options, scripts or
 * control characters.
 */
final class Grammar {
  private static final Pattern WHOLE = Pattern.compile("0|[1-9]\\d{0,7}");
  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  private Grammar() {}

  private static String required(Pattern pattern, String text, String what) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException("'%s' is not a valid %s".formatted(text, what));
    }
    return text;
  }

  private static int number(String text, int min, int max) {
    if (!WHOLE.matcher(text).matches()) {
      throw new IllegalArgumentException("'%s' is not a whole number".formatted(text));
    }
    var value = Integer.parseInt(text);
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is out of range: it must be between %d and %d".formatted(text, min, max));
    }
    return value;
  }

  /** A TCP port. */
  record Port(int value) {
    static final int MIN = 1;
    static final int MAX = 65535;

    static Port parse(String text) {
      return new Port(number(text, MIN, MAX));
    }
  }

  /** How many bricks. */
  record BrickCount(int value) {
    static final int MIN = 1;
    static final int MAX = 64;

    static BrickCount parse(String text) {
      return new BrickCount(number(text, MIN, MAX));
    }
  }

  /** A lower-case DNS label. */
  record ClusterName(String value) {
    static final Pattern GRAMMAR = Pattern.compile(LABEL);

    ClusterName {
      required(GRAMMAR, value, "cluster name: lower-case letters, digits and '-', at most 63");
    }
  }

  /** A lower-case DNS name, as Kubernetes names its objects. */
  record ObjectName(String value) {
    static final Pattern GRAMMAR = Pattern.compile("(?=.{1,253}$)" + LABEL + "(\\." + LABEL + ")*");

    ObjectName {
      required(
          GRAMMAR, value, "name of a Kubernetes object: lower-case letters, digits, '-' and '.'");
    }
  }

  /** A name or an address, without scheme and port. */
  record Endpoint(String value) {
    static final String NAME = "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?";
    static final Pattern GRAMMAR = Pattern.compile(NAME + "|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    Endpoint {
      if (value.contains("://")) {
        throw new IllegalArgumentException(
            "'%s' has a scheme. write only the name or the address".formatted(value));
      }
      if (value.matches("[^:]*:\\d+") || value.startsWith("[")) {
        throw new IllegalArgumentException(
            "'%s' has a port. write only the name or the address; the port is 6443"
                .formatted(value));
      }
      required(GRAMMAR, value, "name or address, such as 192.168.56.11 or api.example.org");
      if (value.contains(":") || value.matches("[0-9.]+")) {
        NodeAddress.parse(value);
      }
    }
  }

  /** A port, or several in a row, that a firewall lets in; of TCP where nothing is said. */
  record OpenPort(String value) {
    private static final String NUMBER = "[1-9][0-9]{0,4}";
    static final Pattern GRAMMAR =
        Pattern.compile("(" + NUMBER + ")(-(" + NUMBER + "))?(/(tcp|udp))?");

    OpenPort {
      var parts = GRAMMAR.matcher(value);
      if (!parts.matches()) {
        required(GRAMMAR, value, "port, such as 30080, 30080/udp or 30000-32767");
      }
      var first = number(parts.group(1), Port.MIN, Port.MAX);
      var last = parts.group(3) == null ? first : number(parts.group(3), first, Port.MAX);
      value =
          (last == first ? "" + first : first + ":" + last)
              + "/"
              + (parts.group(5) == null ? "tcp" : parts.group(5));
    }
  }

  /** Where the time is asked for. */
  record TimeServer(String value) {
    static final String NAME = "[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?";
    static final Pattern GRAMMAR = Pattern.compile(NAME + "|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    TimeServer {
      required(GRAMMAR, value, "time server: a name or an address, without a port");
      if (value.contains(":") || value.matches("[0-9.]+")) {
        NodeAddress.parse(value);
      }
    }
  }

  /** A name or address that goes into the API server's certificate. */
  record San(String value) {
    static final String NAME = "(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?";
    static final Pattern GRAMMAR = Pattern.compile(NAME + "|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    San {
      required(GRAMMAR, value, "DNS name or IP address for a certificate");
      if (value.contains(":") || value.matches("[0-9.]+")) {
        NodeAddress.parse(value);
      }
    }
  }

  /** Whom to log in as. */
  record Login(String value) {
    static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@+\\\\-]{0,63}");

    Login {
      required(GRAMMAR, value, "user name");
    }
  }

  /** Jump hosts as ssh -J takes them; none where a host needs none. */
  record Jump(String value) {
    private static final String HOP =
        "([A-Za-z0-9_][A-Za-z0-9_.+-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,252}|\\[[0-9a-fA-F:.]+\\])(:[1-9]\\d{0,4})?";
    static final Pattern GRAMMAR = Pattern.compile(HOP + "(," + HOP + "){0,9}");

    Jump {
      for (var hop : value.split(",", -1)) {
        var host = hop.replaceFirst(".*@", "").replaceFirst(":\\d+$", "");
        if (host.matches("[0-9.]+")) {
          NodeAddress.parse(host);
        }
      }
      required(GRAMMAR, value, "jump host: [user@]host[:port], several with commas");
    }
  }

  /** A directory on a host. */
  record RemotePath(String value) {
    static final Pattern GRAMMAR = Pattern.compile("(/[A-Za-z0-9._-]+)+/?");
    private static final Pattern OWNED =
        Pattern.compile(
            "/(bin|boot|dev|etc|home|lib\\d*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)");
    private static final Pattern OF_THE_SYSTEM =
        Pattern.compile("/(bin|boot|dev|etc|lib\\d*|proc|run|sbin|sys|usr)/.*");

    RemotePath {
      required(GRAMMAR, value, "absolute path of letters, digits, '.', '_' and '-'");
      if (List.of(value.split("/")).stream()
          .anyMatch(part -> part.equals("..") || part.equals("."))) {
        throw new IllegalArgumentException(
            "'%s' has '.' or '..' in it. write the path in full".formatted(value));
      }
      value = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
      if (OWNED.matcher(value).matches() || OF_THE_SYSTEM.matcher(value).matches()) {
        throw new IllegalArgumentException(
            "'%s' belongs to the operating system. take a directory of its own".formatted(value));
      }
    }
  }

  /** A block device. */
  record DevicePath(String value) {
    static final Pattern GRAMMAR = Pattern.compile("/dev(/[A-Za-z0-9_:+@=][A-Za-z0-9._:+@=-]*)+");

    DevicePath {
      required(GRAMMAR, value, "device such as /dev/sdb or /dev/disk/by-id/...");
    }
  }

  /** What GlusterFS takes as a volume name. */
  record VolumeName(String value) {
    static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    VolumeName {
      required(GRAMMAR, value, "volume name: letters, digits, '-' and '_', at most 63");
    }
  }

  /** The name of a volume option, such as {@code performance.client-io-threads}. */
  record OptionName(String value) {
    static final Pattern GRAMMAR = Pattern.compile("[a-z0-9][a-z0-9_-]*(\\.[a-z0-9_-]+)*");

    OptionName {
      required(GRAMMAR, value, "volume option such as network.ping-timeout");
    }
  }

  /** The name of a kubeconfig context. */
  record ContextName(String value) {
    static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:@/+-]{0,252}");

    ContextName {
      required(GRAMMAR, value, "context name");
    }
  }

  /** The name of a preflight check. */
  record CheckName(String value) {
    static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    CheckName {
      required(GRAMMAR, value, "name of a preflight check such as NumCPU");
    }
  }

  /** The key of a Kubernetes label. */
  record LabelKey(String value) {
    LabelKey {
      Label.requireKey(value);
      if (value.matches("kubernetes\\.io/(hostname|os|arch)")) {
        throw new IllegalArgumentException(
            "'%s' is set by the kubelet. take another key".formatted(value));
      }
    }
  }

  /** The value of a Kubernetes label. */
  record LabelValue(String value) {
    LabelValue {
      Label.requireValue(value);
    }
  }

  /** The name of a group of hosts. */
  record GroupName(String value) {
    static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    GroupName {
      required(GRAMMAR, value, "group name: letters, digits, '-' and '_'");
    }
  }

  /** A name that a template can write behind host.vars. */
  record VariableName(String value) {
    static final Pattern GRAMMAR = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    VariableName {
      required(GRAMMAR, value, "variable name: letters, digits and '_'");
    }
  }

  /** Where artifacts are mirrored. */
  record MirrorUrl(String value) {
    static final Pattern GRAMMAR =
        Pattern.compile("https?://[A-Za-z0-9.\\[\\]:-]+(/[A-Za-z0-9._~/+%-]*)?");

    MirrorUrl {
      if (value.matches("https?://[^/]*@.*")) {
        throw new IllegalArgumentException(
            "a URL with a password in it is shown in messages. leave it out");
      }
      required(GRAMMAR, value, "URL such as https://mirror.example.org/provision");
    }
  }

  /** The name of a container image, with a tag or a digest. */
  record ImageName(String value) {
    static final Pattern GRAMMAR =
        Pattern.compile(
            "[a-z0-9][a-z0-9.-]*(:[0-9]+)?(/[a-z0-9][a-z0-9._-]*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?");

    ImageName {
      required(GRAMMAR, value, "image, such as example/program:v1.2");
    }
  }

  /** An amount of bytes as Kubernetes writes it. */
  record Size(String value) {
    static final Pattern GRAMMAR =
        Pattern.compile("[1-9][0-9]{0,17}(\\.[0-9]{1,3})?([kMGTPE]i?|Ki)?");

    Size {
      required(GRAMMAR, value, "size, such as 10Gi");
    }
  }

  /** How nodes may mount a volume, in the words of Kubernetes. */
  record AccessMode(String value) {
    static final Pattern GRAMMAR =
        Pattern.compile("ReadWriteOnce|ReadOnlyMany|ReadWriteMany|ReadWriteOncePod");

    AccessMode {
      required(GRAMMAR, value, "access mode: ReadWriteMany, ReadWriteOnce or ReadOnlyMany");
    }
  }

  /** A directory below another. */
  record SubPath(String value) {
    static final Pattern GRAMMAR =
        Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*");

    SubPath {
      required(GRAMMAR, value, "path below the mount, without a '/' before it");
    }
  }
}
