package io.provision.load.inventory;

import io.provision.model.Label;
import io.provision.model.NodeAddress;
import io.provision.section.Form;
import java.util.regex.Pattern;

/**
 * The texts of an inventory, each with a grammar that leaves no room for options, scripts or
 * control characters.
 */
final class Grammar {
  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  private Grammar() {}

  /** A TCP port. */
  record Port(int value) {
    static final int MIN = 1;
    static final int MAX = 65535;

    static Port parse(String text) {
      return new Port(Form.number(text, MIN, MAX));
    }
  }

  /** A lower-case DNS label. */
  record ClusterName(String value) {
    static final Pattern GRAMMAR = Pattern.compile(LABEL);

    ClusterName {
      Form.required(GRAMMAR, value, "cluster name: lower-case letters, digits and '-', at most 63");
    }
  }

  /** One of those that the catalog lists, or none. */
  record DistributionName(String value) {}

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
      Form.required(GRAMMAR, value, "name or address, such as 192.168.56.11 or api.example.org");
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
        Form.required(GRAMMAR, value, "port, such as 30080, 30080/udp or 30000-32767");
      }
      var first = Form.number(parts.group(1), Port.MIN, Port.MAX);
      var last = parts.group(3) == null ? first : Form.number(parts.group(3), first, Port.MAX);
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
      Form.required(GRAMMAR, value, "time server: a name or an address, without a port");
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
      Form.required(GRAMMAR, value, "DNS name or IP address for a certificate");
      if (value.contains(":") || value.matches("[0-9.]+")) {
        NodeAddress.parse(value);
      }
    }
  }

  /** Whom to log in as. */
  record Login(String value) {
    static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@+\\\\-]{0,63}");

    Login {
      Form.required(GRAMMAR, value, "user name");
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
      Form.required(GRAMMAR, value, "jump host: [user@]host[:port], several with commas");
    }
  }

  /** The name of a kubeconfig context. */
  record ContextName(String value) {
    static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:@/+-]{0,252}");

    ContextName {
      Form.required(GRAMMAR, value, "context name");
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
      Form.required(GRAMMAR, value, "group name: letters, digits, '-' and '_'");
    }
  }

  /** A name that a template can write behind host.vars. */
  record VariableName(String value) {
    static final Pattern GRAMMAR = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    VariableName {
      Form.required(GRAMMAR, value, "variable name: letters, digits and '_'");
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
      Form.required(GRAMMAR, value, "URL such as https://mirror.example.org/provision");
    }
  }
}
