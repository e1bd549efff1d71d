package io.provision.model;

import java.util.Optional;

/** How to become root once logged in. Not used where the login is root's already. */
public record Become(Method method, Optional<Secret> password) {
  /** The program that makes root of a user. */
  public enum Method {
    SUDO,
    DOAS,
    NONE
  }
}
