package io.provision.ssh;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** What becomes of host keys that no file knew and that were accepted. For any threads. */
sealed interface AcceptedKeys permits HeldKeys, WrittenKeys {

  /**
   * @param file that they belong into
   * @param keys names as known_hosts writes them, with their keys
   */
  void accept(KnownHosts file, Map<String, ? extends Collection<HostKey>> keys) throws IOException;

  /** Those of a name that stand in no file. */
  Set<HostKey> held(String name);
}
