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

  /**
   * The same, and one whose programs are uutils' where this machine has them: Debian's package
   * rust-coreutils has them here, and Ubuntu from 25.10 on in the place of GNU's.
   */
  public static List<List<String>> andUutils() {
    var uutils = System.getProperty("provision.uutils", "/usr/lib/cargo/bin/coreutils");
    var path = "PATH=%s:%s".formatted(uutils, System.getenv("PATH"));
    return Files.isDirectory(Path.of(uutils))
        ? Stream.concat(here().stream(), Stream.of(List.of("/usr/bin/env", path, "/usr/bin/dash")))
            .toList()
        : here();
  }
}
