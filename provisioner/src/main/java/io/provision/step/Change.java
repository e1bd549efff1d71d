package io.provision.step;

/**
 * One difference between what is and what should be.
 *
 * @param subject what differs, for example {@code /etc/hosts} or {@code package socat}
 */
public record Change(Action action, String subject, Detail detail) {

  /** What would be done about a difference. */
  public enum Action {
    CREATE,
    UPDATE,
    REMOVE,
    INSTALL,
    UPGRADE,
    ENABLE,
    DISABLE,
    START,
    STOP,
    RESTART,
    LOAD,
    JOIN,
    DRAIN,
    FETCH,
    RUN
  }

  /** What may be shown of a difference. */
  public sealed interface Detail {
    /** Nothing beyond the subject. */
    record Plain() implements Detail {}

    /** A value that is and one that should be; either may be empty. */
    record Value(String from, String to) implements Detail {}

    /** Text that is and text that should be, to be shown as a unified diff. */
    record Text(String from, String to) implements Detail {}

    /** Something that must not be shown, and why. */
    record Hidden(String why) implements Detail {}
  }

  public static Change of(Action action, String subject) {
    return new Change(action, subject, new Detail.Plain());
  }

  public static Change of(Action action, String subject, String from, String to) {
    return new Change(action, subject, new Detail.Value(from, to));
  }
}
