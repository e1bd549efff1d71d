package io.provision.kube;

/** A cluster's API is in the way: what happened, then what to do. */
public final class ClusterException extends Exception {
  private final String remedy;

  public ClusterException(
      String what, String remedy, @org.jspecify.annotations.Nullable Throwable cause) {
    super(what, cause);
    this.remedy = remedy;
  }

  public String what() {
    return String.valueOf(getMessage());
  }

  public String remedy() {
    return remedy;
  }
}
