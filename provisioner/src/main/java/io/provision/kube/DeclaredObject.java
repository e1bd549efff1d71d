package io.provision.kube;

import java.util.Optional;

/**
 * What was seen of an object that somebody declares.
 *
 * @param live empty where it is not there
 * @param preview asked only where it may differ
 */
public record DeclaredObject(Optional<LiveObject> live, Preview preview) {
  public DeclaredObject(Optional<LiveObject> live) {
    this(live, new Preview.NotAsked());
  }
}
