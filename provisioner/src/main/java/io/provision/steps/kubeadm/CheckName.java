package io.provision.steps.kubeadm;

import io.provision.section.Form;
import io.provision.section.Text;
import java.util.regex.Pattern;

/** The name of one of kubeadm's preflight checks, such as {@code NumCPU}. */
@Text(sample = "NumCPU")
public record CheckName(String value) {
  static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  public CheckName {
    Form.required(GRAMMAR, value, "name of a preflight check such as NumCPU");
  }
}
