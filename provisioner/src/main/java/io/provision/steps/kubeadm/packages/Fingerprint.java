package io.provision.steps.kubeadm.packages;

import io.provision.section.Form;
import io.provision.section.Text;
import java.util.Locale;
import java.util.regex.Pattern;

/** Of a public key of OpenPGP, version 4. */
@Text(sample = "0123456789ABCDEF0123456789ABCDEF01234567")
public record Fingerprint(String value) {
  static final Pattern GRAMMAR = Pattern.compile("[0-9A-Fa-f]{40}");

  public Fingerprint {
    Form.required(GRAMMAR, value, "fingerprint of a key: 40 digits of 0-9 and A-F, without spaces");
    value = value.toUpperCase(Locale.ROOT);
  }
}
