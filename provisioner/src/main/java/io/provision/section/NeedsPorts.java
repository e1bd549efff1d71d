package io.provision.section;

import java.util.List;

/** What steps see of a section that needs ports open. */
public interface NeedsPorts {

  /** What every node lets in from the other nodes, such as {@code 7946/tcp}. */
  List<String> portsOfNodes();
}
