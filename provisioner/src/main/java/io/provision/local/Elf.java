package io.provision.local;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Tells for which processor a program was built (elf(5): magic, then e_machine at byte 18). */
final class Elf {
  private static final int HEADER = 20;
  private static final Map<Integer, String> MACHINES =
      Map.of(3, "386", 40, "arm", 62, "amd64", 183, "arm64", 22, "s390x", 243, "riscv64");

  private Elf() {}

  /**
   * Refuses a program for another processor, and any as a text for all of them; what is no ELF file
   * is not judged.
   */
  static void require(ArtifactId id, Path file) throws DeskException {
    byte[] head;
    try (var stream = Files.newInputStream(file)) {
      head = stream.readNBytes(HEADER);
    } catch (IOException e) {
      throw DeskFault.reading(file, e);
    }
    if (head.length < HEADER || head[0] != 0x7f || head[1] != 'E' || head[2] != 'L') {
      return;
    }
    var machine = (head[18] & 0xff) | (head[19] & 0xff) << 8;
    var found = MACHINES.getOrDefault(machine, "machine " + machine);
    if (!found.equals(id.arch())) {
      throw new DeskException(
          "%s was built for %s, not for %s".formatted(file, found, id.arch()),
          "It was not used. Put the file for %s there.".formatted(id.arch()),
          null);
    }
  }
}
