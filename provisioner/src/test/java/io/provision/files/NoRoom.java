package io.provision.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Another process of this program for which no file can grow beyond {@link #ROOM}: what is written
 * past it fails halfway, as on a disk that fills up. Needs neither root nor a mount.
 */
public final class NoRoom {
  /** Bytes of one file: a block of POSIX's ulimit. */
  public static final int ROOM = 512;

  private NoRoom() {}

  /**
   * Runs the main method of a class.
   *
   * @return what it printed, on either stream
   */
  public static String run(Class<?> main, Path argument) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f 1; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData", // a file of its own in /tmp, which would find no room either
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                argument.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  /** What is written to a file that may fail. */
  @FunctionalInterface
  public interface Writing {
    void write() throws Exception;
  }

  /** For main methods: what came of it, as a line. */
  public static void tell(String name, Writing writing) {
    try {
      writing.write();
      System.out.println(name + ": written");
    } catch (Exception e) {
      System.out.println(name + ": " + e.getMessage());
    }
  }
}
