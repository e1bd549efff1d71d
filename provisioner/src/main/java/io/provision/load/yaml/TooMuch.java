package io.provision.load.yaml;

import io.provision.model.Position;

/** The document asks for more memory or time than any honest one. */
final class TooMuch extends RuntimeException {
  private static final long serialVersionUID = 1;
  final transient Position at;
  final String reason;

  TooMuch(Position at, String reason) {
    super(reason, null, false, false);
    this.at = at;
    this.reason = reason;
  }
}
