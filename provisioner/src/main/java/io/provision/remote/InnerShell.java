package io.provision.remote;

/**
 * What a function has another shell of its host do, in namespaces that are not the function's: a
 * text to be kept there and started as {@code sh FILE "$marker"}. What it says is said as if the
 * function said it.
 */
public final class InnerShell {
  private InnerShell() {}

  /** The text that makes this call, and ends as it does. */
  public static String text(Call call) {
    return ScriptText.inner(call);
  }
}
