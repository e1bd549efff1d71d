package io.provision.local;

import io.provision.desk.DeskException;
import io.provision.model.Secret;
import io.provision.model.SecretUnavailable;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A URL that is a secret. Nothing that is said of it has a part of it: neither what an exception
 * says, nor one that causes it.
 */
final class WebhookUrl {
  private static final int LONGEST = 2000;
  private static final int LARGEST_PORT = 65535;

  private WebhookUrl() {}

  static URI of(Secret url) throws DeskException {
    var text = text(url);
    var uri = parsed(text);
    var host = uri.getHost();
    if (host == null || uri.getScheme() == null) {
      throw refused("its webhook is not a URL with a host");
    }
    if (uri.getPort() == 0 || uri.getPort() > LARGEST_PORT) {
      throw refused("its webhook has a port that there is not");
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw refused("its webhook has a user or a '#' in it, which would not be sent");
    }
    return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
      case "https" -> uri;
      case "http" -> {
        if (!isNear(host)) {
          throw refused("its webhook is plain http, and to no private address");
        }
        yield uri;
      }
      default -> throw refused("its webhook is neither https nor http");
    };
  }

  private static String text(Secret url) throws DeskException {
    try {
      return new String(url.reveal(), StandardCharsets.UTF_8);
    } catch (SecretUnavailable e) {
      throw new DeskException(
          "its webhook cannot be had (%s)".formatted(e.reason()), e.remedy(), null);
    }
  }

  @SuppressWarnings("UnusedException") // it has the whole text
  private static URI parsed(String text) throws DeskException {
    try {
      if (text.length() <= LONGEST) {
        return new URI(text);
      }
    } catch (URISyntaxException e) {
      throw refused("its webhook is not a URL");
    }
    throw refused("its webhook is longer than %d characters".formatted(LONGEST));
  }

  /**
   * Whether it stays on this machine or in a network of one's own. A name can lead elsewhere by the
   * time that it is used.
   */
  @SuppressWarnings("UnusedException") // it has the name
  private static boolean isNear(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      var address = InetAddress.ofLiteral(host.replaceAll("^\\[|]$", ""));
      var bytes = address.getAddress();
      return address.isLoopbackAddress()
          || address.isSiteLocalAddress()
          || address.isLinkLocalAddress()
          || bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc; // RFC 4193
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static DeskException refused(String what) {
    return new DeskException(
        what,
        "write an https URL, or an http one with a private address, such as http://10.0.0.5/hook",
        null);
  }
}
