package io.provision.engine;

/** What has become of an output. */
sealed interface Settled {
  /** A look saw it. */
  record Value(Object value) implements Settled {}

  /** In a plan: it will be there after something was changed. */
  record Later(String reason) implements Settled {}

  /** It cannot come in this run, and why. */
  record Never(String reason) implements Settled {}
}
