package io.provision.kube;

import java.time.Duration;

/** Lets time go by between two requests about the same thing. */
@FunctionalInterface
public interface Pause {
  Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  void during(Duration time) throws InterruptedException;
}
