package io.provision.kube;

import org.jspecify.annotations.Nullable;

/** A cluster's API is in the way: what happened, then what to do. */
public final class ClusterException extends Exception {
  private enum Kind {
    LASTING,
    PASSING,
    UNANSWERED,
    HELD,
    UNSAFE
  }

  private final String remedy;
  private final Kind kind;

  public ClusterException(String what, String remedy, @Nullable Throwable cause) {
    this(what, remedy, cause, Kind.LASTING);
  }

  /**
   * @param passing whether it may be over in a moment, by itself
   */
  public ClusterException(String what, String remedy, @Nullable Throwable cause, boolean passing) {
    this(what, remedy, cause, passing ? Kind.PASSING : Kind.LASTING);
  }

  private ClusterException(String what, String remedy, @Nullable Throwable cause, Kind kind) {
    super(what, cause);
    this.remedy = remedy;
    this.kind = kind;
  }

  /** No answer came: whether the request has arrived is not known. */
  public static ClusterException unanswered(String what, String remedy, @Nullable Throwable cause) {
    return new ClusterException(what, remedy, cause, Kind.UNANSWERED);
  }

  /** It is somebody else's turn. */
  public static ClusterException held(String what, String remedy) {
    return new ClusterException(what, remedy, null, Kind.HELD);
  }

  /** Whether it is that it was somebody else's turn. */
  public boolean isHeld() {
    return kind == Kind.HELD;
  }

  /** Something was not done, because it was not safe. */
  public static ClusterException unsafe(String what, String remedy) {
    return new ClusterException(what, remedy, null, Kind.UNSAFE);
  }

  /** Whether it may be over in a moment, by itself. */
  public boolean isPassing() {
    return kind == Kind.PASSING;
  }

  /** Whether there was no answer at all; a refusal is one. */
  public boolean isUnanswered() {
    return kind == Kind.UNANSWERED;
  }

  /** Whether it is that something was not safe to do, and was not done. */
  public boolean isUnsafe() {
    return kind == Kind.UNSAFE;
  }

  public String what() {
    return String.valueOf(getMessage());
  }

  public String remedy() {
    return remedy;
  }
}
