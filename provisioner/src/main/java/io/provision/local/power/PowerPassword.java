package io.provision.local.power;

import io.provision.desk.DeskException;
import io.provision.model.Secret;
import io.provision.model.SecretUnavailable;
import java.nio.charset.StandardCharsets;

/** The password of a controller, fetched where it is needed, and kept out of what is said. */
record PowerPassword(Secret secret) {

  String text() throws DeskException {
    try {
      var text = new String(secret.reveal(), StandardCharsets.UTF_8);
      if (text.isEmpty() || text.indexOf('\0') >= 0) {
        throw new DeskException(
            "the password of its power controller is empty, or no text", "set the right one", null);
      }
      return text;
    } catch (SecretUnavailable e) {
      throw new DeskException(e.reason(), e.remedy(), e);
    }
  }

  /** What somebody else said, without it. */
  String kept(String said) throws DeskException {
    return said.replace(text(), "****");
  }
}
