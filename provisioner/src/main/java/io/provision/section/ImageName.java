package io.provision.section;

import java.util.regex.Pattern;

/** The name of a container image, with a tag or a digest. */
@Text(sample = "example/program:v1.2")
public record ImageName(String value) {
  static final Pattern GRAMMAR =
      Pattern.compile(
          "[a-z0-9][a-z0-9.-]*(:[0-9]+)?(/[a-z0-9][a-z0-9._-]*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?");

  public ImageName {
    Form.required(GRAMMAR, value, "image, such as example/program:v1.2");
  }
}
