package io.provision.remote;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The shells that /bin/sh can be on a host, as far as this machine has them; dash it has. */
public final class Shells {
  private Shells() {}

  public static List<List<String>> here() {
    return Stream.of(
            List.of("/usr/bin/dash"),
            List.of("/usr/bin/bash", "--posix"),
            List.of("/usr/bin/busybox", "sh"))
        .filter(shell -> Files.isExecutable(Path.of(shell.getFirst())))
        .toList();
  }
}
