package io.provision.remote;

import io.provision.model.HostName;

/**
 * A secret that one host hands over to whoever needs it: a join token, an administrator's
 * certificate. Had at most once a run, and only when somebody needs it.
 */
public sealed interface Handoff extends Payload {
  /** The host that hands it over. */
  HostName from();

  /**
   * What lies there already.
   *
   * @param read prints it and leaves no trace, so that a look may need it too
   */
  record Kept(HostName from, Call read) implements Handoff {}

  /**
   * What is made when it is needed, such as a token that ends by itself: only by a run that changes
   * something.
   *
   * @param make makes and prints it. It changes no file of the host, so that it needs no lock: the
   *     host may be one that another run is working on
   */
  record Made(HostName from, Script make) implements Handoff {}
}
