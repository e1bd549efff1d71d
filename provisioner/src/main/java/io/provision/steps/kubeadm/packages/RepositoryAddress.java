package io.provision.steps.kubeadm.packages;

import io.provision.model.Version;
import io.provision.section.Form;
import io.provision.section.Text;
import java.util.regex.Pattern;

/** Where packages are, by the minor version of Kubernetes; without a login, for all may read it. */
@Text(
    kind = "URL, with {minor} for a minor version such as v1.36",
    sample = "\"https://packages.example/core:/stable:/{minor}/deb/\"")
public record RepositoryAddress(String value) {
  static final Pattern GRAMMAR =
      Pattern.compile("https?://[A-Za-z0-9.-]+(?::\\d{1,5})?/(?:[A-Za-z0-9:/._~+-]|\\{minor\\})*");

  public RepositoryAddress {
    Form.required(
        GRAMMAR,
        value,
        "address of a repository such as https://packages.example/core:/stable:/{minor}/deb/");
    value = value.endsWith("/") ? value : value + "/";
  }

  /** Where the packages of this version are. */
  String of(Version version) {
    return value.replace("{minor}", "v%d.%d".formatted(version.major(), version.minor()));
  }
}
