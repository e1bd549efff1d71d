package io.provision.render;

/**
 * A template that cannot be rendered, in words for an operator. Never holds a value of the model.
 */
public final class RenderException extends IllegalArgumentException {
  public RenderException(String what, @org.jspecify.annotations.Nullable Throwable cause) {
    super(what, cause);
  }
}
