package io.provision.steps.kubernetes.access;

import io.provision.section.Form;
import io.provision.section.Text;
import java.util.regex.Pattern;

/** A user of a host, as useradd(8) takes its name. */
@Text(sample = "alice")
public record UserName(String value) {
  static final Pattern GRAMMAR = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

  public UserName {
    Form.required(GRAMMAR, value, "name of a user such as alice");
  }
}
