package io.provision.steps.kubernetes;

import io.provision.model.Host;
import io.provision.remote.Script;
import java.util.List;
import java.util.Optional;

/** What a distribution has of certificates on a node, and how they are renewed there. */
public interface NodeCertificates {

  /** Who makes a new one before one ends. */
  enum Renewal {
    /** An apply, where it ends soon. */
    APPLY,
    /** The program that shows it. */
    ITSELF,
    /** The program that shows it, once it finds none when it starts. */
    WHERE_DELETED,
    /** Nobody: all that it has signed would have to be made anew. */
    NOBODY
  }

  /**
   * @param path of the file that it is in, alone, with its key, or in a kubeconfig
   */
  record Held(String path, Renewal renewal) {}

  /**
   * What a kubelet logs in to the API by.
   *
   * @param path of the file that it is in
   * @param wayBack what brings a node back once it has ended
   */
  record Login(String path, String wayBack) {}

  /** Empty where a kubelet is given a new one at each of its starts. */
  Optional<Login> login(Host host);

  /** All that a node can have, in the order in which they are shown; none needs to be there. */
  List<Held> of(Host host);

  /**
   * There while certificates are renewed: a run that ended meanwhile is gone on with. Empty where
   * nothing is left to do once they are new.
   */
  Optional<String> marker();

  /** What is restarted for it, as a plan says it. */
  String restarts(Host host);

  /**
   * What renews them on the host and has its programs read them.
   *
   * @param due paths of those that are to be renewed; none where an earlier run did that
   */
  List<Script> renewal(Host host, List<String> due);

  /**
   * What waits until the node is up again after its renewal, where that does not: the next one is
   * restarted then.
   */
  List<Script> untilUp(Host host);
}
