package io.provision.ssh;

import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** They hold for this run only: who only looks leaves nothing behind, and has nothing to write. */
final class HeldKeys implements AcceptedKeys {
  private final SeenKeys keys = new SeenKeys();

  @Override
  public void accept(KnownHosts file, Map<String, ? extends Collection<HostKey>> accepted) {
    accepted.forEach((name, each) -> each.forEach(key -> keys.add(name, key)));
  }

  @Override
  public Set<HostKey> held(String name) {
    return keys.of(name);
  }
}
