package io.provision.steps.kubernetes.apiserver;

import io.provision.section.Form;
import io.provision.section.Text;
import java.util.regex.Pattern;

/**
 * A key of Secrets, as an EncryptionConfiguration calls it: no word that YAML takes for something
 * else.
 */
@Text(sample = "autumn-2026")
public record KeyName(String value) {
  static final Pattern GRAMMAR =
      Pattern.compile("(?!(?:true|false|yes|no|on|off|null|y|n)$)[a-z][a-z0-9-]{0,40}");

  public KeyName {
    Form.required(GRAMMAR, value, "name of a key such as autumn-2026");
  }
}
