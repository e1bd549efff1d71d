package io.provision.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What others on the machine can see of a running program. */
final class Watch {
  private Watch() {}

  /** Notes the arguments of a program and of all it starts, until it ends. */
  static void processes(Running run, StringBuffer into) {
    var program = ProcessHandle.of(run.pid()).orElseThrow();
    while (program.isAlive()) {
      note(program.pid(), into);
      program.descendants().forEach(child -> note(child.pid(), into));
      Pause.milliseconds(10);
    }
  }

  private static void note(long pid, StringBuffer into) {
    try {
      var line = Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
      if (into.indexOf(line) < 0) {
        into.append(line).append('\n');
      }
    } catch (IOException _) {
      return; // it ended meanwhile
    }
  }
}
