package io.provision.desk;

/** Something on the operator's machine is in the way: what happened, then what to do. */
public final class DeskException extends Exception {
  private final String remedy;

  public DeskException(
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
