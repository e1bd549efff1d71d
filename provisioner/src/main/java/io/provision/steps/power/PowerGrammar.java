package io.provision.steps.power;

import io.provision.section.Form;
import io.provision.section.Text;
import io.provision.section.Unquoted;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/** The values below {@code power}, each of a form that no program takes for an option. */
final class PowerGrammar {
  private PowerGrammar() {}

  /** Where a controller is. */
  @Text(kind = "name or IP address of a controller", sample = "10.0.0.11")
  record Controller(String value) {
    static final Pattern GRAMMAR =
        Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,252}|[0-9A-Fa-f:]{2,45}");

    Controller {
      Form.required(GRAMMAR, value, "name or address of a controller");
    }
  }

  /** A Redfish service. */
  @Text(kind = "https://ADDRESS of a controller", sample = "https://10.0.0.12")
  record Service(String value) {
    static final Pattern GRAMMAR =
        Pattern.compile(
            "https://([A-Za-z0-9][A-Za-z0-9.-]{0,252}|\\[[0-9A-Fa-f:]{2,45}\\])(:[1-9][0-9]{0,4})?/?");

    Service {
      if (value.contains("@")) { // a password may stand before it
        throw new IllegalArgumentException(
            "a user does not belong into the address of a controller. write 'user:' and"
                + " 'password:'");
      }
      Form.required(
          GRAMMAR,
          value,
          "address of a controller: write https://ADDRESS, without a path (its systems it names"
              + " itself); a password goes nowhere without TLS");
    }

    URI url() {
      return URI.create(value.replaceFirst("/$", ""));
    }
  }

  /** Where libvirt is. */
  @Text(kind = "URI of libvirt", sample = "\"qemu:///system\"")
  record Connection(String value) {
    static final Pattern GRAMMAR = Pattern.compile("[a-z][a-z0-9+.-]{0,40}://[!-~]{1,500}");

    Connection {
      Form.required(
          GRAMMAR,
          value,
          "connection of libvirt: write qemu:///system, or qemu+ssh://USER@HOST/system");
    }
  }

  /** A virtual machine. */
  @Text(kind = "name of a virtual machine", sample = "w1")
  record Domain(String value) implements Unquoted {
    static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9_.+:@][A-Za-z0-9_.+:@-]{0,200}");

    Domain {
      Form.required(GRAMMAR, value, "name of a virtual machine");
    }
  }

  /** Who asks a controller. */
  @Text(kind = "user of a controller", sample = "ADMIN")
  record User(String value) {
    static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9_.@$+][A-Za-z0-9_.@$+-]{0,100}");

    User {
      Form.required(GRAMMAR, value, "user of a controller");
    }
  }

  /** A system of a controller. */
  @Text(kind = "identifier of a system", sample = "\"1\"")
  record SystemId(String value) implements Unquoted {
    static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9._~-]{1,200}");

    SystemId {
      Form.required(GRAMMAR, value, "identifier of a system: the last word of its path");
    }
  }

  /** As openssl writes it, with colons and capitals, or without. */
  @Text(
      kind = "SHA-256",
      sample = "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"")
  record Fingerprint(String value) {
    static final Pattern GRAMMAR = Pattern.compile("([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}");

    Fingerprint {
      Form.required(
          GRAMMAR,
          value,
          "SHA-256 of 64 hexadecimal digits: openssl x509 -noout -fingerprint -sha256");
    }

    String digits() {
      return value.replace(":", "").toLowerCase(Locale.ROOT);
    }
  }
}
