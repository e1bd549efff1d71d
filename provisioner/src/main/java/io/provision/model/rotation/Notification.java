package io.provision.model.rotation;

import io.provision.model.Secret;
import java.util.EnumSet;
import java.util.Set;

/**
 * Who is told of a rotation.
 *
 * @param webhook a URL; whoever knows it can write there
 * @param on of what; never empty
 */
public record Notification(Secret webhook, Form form, Set<Occasion> on) {
  public Notification {
    on = Set.copyOf(on);
  }

  /** Where nothing is said of it: as those who are told only of what needs them, or happened. */
  public static final Set<Occasion> USUAL = EnumSet.of(Occasion.FAILURE, Occasion.END);

  /** In which words. */
  public enum Form {
    /** An object of our own. */
    JSON,
    /** As Slack takes it, and what speaks as Slack does. */
    SLACK
  }

  /** What there is to be told of. */
  public enum Occasion {
    /** The first host goes out of use. */
    BEGIN,
    /** It ended well, and did something. */
    END,
    /** It did not end well. */
    FAILURE,
    /** Any end, also where there was nothing to do. */
    ALWAYS
  }
}
