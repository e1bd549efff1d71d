package io.provision.cli.rotation.report;

import io.provision.files.AtomicFile;
import io.provision.files.BoundedRead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file that a node_exporter collects (https://github.com/prometheus/node_exporter, textfile
 * collector): replaced as a whole, since it is read at any time.
 */
record MetricsFile(Path file) {
  private static final int MOST_BYTES = 4 << 20;

  /** A collector is another user. */
  private static final String MODE = "rw-r--r--";

  /** Why it could not be written, with what to do; empty where it could. */
  Optional<String> obstacle() {
    var directory = AtomicFile.parent(file);
    if (!Files.isDirectory(directory)) {
      return Optional.of(
          "there is no directory %s for the metrics. install prometheus-node-exporter, whose directory it is on Debian, name another one, or take 'metrics' out"
              .formatted(directory));
    }
    if (Files.isDirectory(file)) {
      return Optional.of("%s is a directory. name a file in it".formatted(file));
    }
    return Files.isWritable(directory)
        ? Optional.empty()
        : Optional.of(
            "the metrics cannot be written: this user may not write in %s. run as one who may, or let this one: 'setfacl -m u:USER:rwx %s'"
                .formatted(directory, directory));
  }

  /** Keeps of the file of before when a rotation last ended well. */
  void write(RunEnd end) throws IOException {
    var succeeded = MetricsText.succeeded(before(), end.cluster());
    var text = new MetricsText(end, succeeded).text();
    AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8), MODE);
  }

  /** Whatever lies there: what cannot be read tells nothing. */
  private String before() {
    try {
      return Files.isRegularFile(file) ? BoundedRead.text(file, MOST_BYTES) : "";
    } catch (IOException _) {
      return "";
    }
  }
}
