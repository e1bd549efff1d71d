package io.provision.cli.option;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/** Names a run: when it began, and four random digits. */
public final class RunId {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private RunId() {}

  public static String fresh() {
    return TIME.format(Instant.now()) + "-" + UUID.randomUUID().toString().substring(0, 4);
  }
}
