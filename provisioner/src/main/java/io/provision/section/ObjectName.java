package io.provision.section;

import java.util.regex.Pattern;

/** A lower-case DNS name, as Kubernetes names its objects. */
@Text(kind = "name in Kubernetes", sample = "gluster")
public record ObjectName(String value) {
  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  static final Pattern GRAMMAR = Pattern.compile("(?=.{1,253}$)" + LABEL + "(\\." + LABEL + ")*");

  public ObjectName {
    Form.required(
        GRAMMAR, value, "name of a Kubernetes object: lower-case letters, digits, '-' and '.'");
  }
}
