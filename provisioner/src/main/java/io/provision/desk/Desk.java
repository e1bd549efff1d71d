package io.provision.desk;

import io.provision.model.Secret;
import io.provision.remote.Handoff;
import io.provision.remote.Payload;
import java.nio.file.Path;
import java.util.Optional;

/** The operator's machine. Looks through {@link View}, changes through the rest. */
public interface Desk {

  /** What looks; it cannot change anything. */
  interface View {
    <A> A look(DeskQuestion<A> question) throws DeskException;
  }

  View view();

  /**
   * Carries a change out.
   *
   * @param handoffs reads a payload that another host hands over
   */
  void change(DeskChange change, Handoffs handoffs) throws DeskException;

  /**
   * What a kubeconfig has for this context, where we merged it in; empty where it is another's, or
   * not there.
   */
  default Optional<Credentials> credentials(DeskQuestion.KubeconfigEntry context)
      throws DeskException {
    return Optional.empty();
  }

  /**
   * The credentials of a context.
   *
   * @param kubeconfig with that context alone
   */
  record Credentials(DeskQuestion.Entry entry, Secret kubeconfig) {}

  /** Whether the owner of a lock is a run of this machine that lives no more. */
  default boolean isGone(String owner) {
    return false;
  }

  /** What the user wants asked and run from here. */
  default Outside outside() {
    throw new IllegalStateException("nothing is asked or run from here");
  }

  /** Where this artifact lies on the operator's machine, fetched and checked if need be. */
  Path artifact(Payload.Artifact artifact) throws DeskException;

  /** Has what a host hands over. */
  interface Handoffs {
    Secret read(Handoff handoff) throws DeskException;
  }
}
