package io.provision.cli.option;

import io.provision.desk.RunOwner;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Who we are, for those who find our locks: one line, no secrets. */
public final class Owner {
  private Owner() {}

  public static String text(String run) {
    return new RunOwner(
            System.getProperty("user.name", "?"),
            machine(),
            ProcessHandle.current().pid(),
            run,
            Instant.now().truncatedTo(ChronoUnit.SECONDS))
        .toString();
  }

  /** Its name, for people and for who finds a lock of his own. */
  public static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "?";
    }
  }
}
