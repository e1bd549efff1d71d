package io.provision.engine.playbook;

import java.util.List;

/** Plays in order: when things happen. */
public record Playbook(List<Play> plays) {
  public Playbook {
    plays = List.copyOf(plays);
  }
}
