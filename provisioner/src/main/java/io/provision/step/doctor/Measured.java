package io.provision.step.doctor;

import io.provision.model.HostName;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured on hosts.
 *
 * @param never why the others said nothing
 */
public record Measured<A>(Map<HostName, A> answers, Map<HostName, String> never) {
  public Measured {
    answers = Map.copyOf(answers);
    never = Map.copyOf(never);
  }

  /** What this host answered; empty where it was not asked, or did not. */
  public Optional<A> of(HostName host) {
    return Optional.ofNullable(answers.get(host));
  }

  /** Why it did not. */
  public String why(HostName host) {
    return never.getOrDefault(host, "it was not asked");
  }
}
