package io.provision.cli;

import io.provision.console.Operator;
import io.provision.remote.RemoteException.HostKeyUnknown;
import java.util.List;

/** Shows all unknown host keys of a run and asks once. */
final class HostKeyQuestion {
  private HostKeyQuestion() {}

  static boolean ask(Operator operator, List<HostKeyUnknown> keys) {
    if (!operator.present()) {
      return false;
    }
    var lines =
        keys.stream()
            .map(key ->
                "%s (%s port %d): %s %s"
                    .formatted(
                        key.host().name(),
                        key.address(),
                        key.port(),
                        key.keyLine().split(" ", 2)[0],
                        key.fingerprint()))
            .sorted()
            .toList();
    return operator.agrees(
        lines,
        keys.size() == 1
            ? "This host key is not known. Trust it?"
            : "These %d host keys are not known. Trust them all?".formatted(keys.size()));
  }
}
