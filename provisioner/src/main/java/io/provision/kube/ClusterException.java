package io.provision.kube;

/** A cluster's API is in the way: what happened, then what to do. */
public final class ClusterException extends Exception {
  private final String remedy;
  private final boolean passing;

  public ClusterException(
      String what, String remedy, @org.jspecify.annotations.Nullable Throwable cause) {
    this(what, remedy, cause, false);
  }

  /**
   * @param passing whether it may be over in a moment, by itself
   */
  public ClusterException(
      String what,
      String remedy,
      @org.jspecify.annotations.Nullable Throwable cause,
      boolean passing) {
    super(what, cause);
    this.remedy = remedy;
    this.passing = passing;
  }

  /** Whether it may be over in a moment, by itself. */
  public boolean isPassing() {
    return passing;
  }

  public String what() {
    return String.valueOf(getMessage());
  }

  public String remedy() {
    return remedy;
  }
}
