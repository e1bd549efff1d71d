package io.provision.steps.gluster;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code gluster volume heal NAME info split-brain} says: entries whose copies disagree, so
 * that nobody but a person can say which is right.
 */
public record SplitBrain(List<Entry> entries) {
  public SplitBrain {
    entries = List.copyOf(entries);
  }

  /**
   * One entry as one brick has it.
   *
   * @param brick as {@code host:path}
   * @param file path inside the volume, or {@code <gfid:...>} where the brick knows no path
   */
  public record Entry(String brick, String file) {}

  static Reading<SplitBrain> read(String answer) {
    return GlusterXml.read(
        answer,
        root -> {
          var entries = new ArrayList<Entry>();
          for (var brick : root.one("healInfo").one("bricks").all("brick")) {
            var name = brick.text("name");
            brick.all("file").forEach(file -> entries.add(new Entry(name, file.own())));
          }
          return new SplitBrain(entries);
        });
  }

  /** How one of them is decided: the words to type, for a file whose newest copy is right. */
  static String remedy(String volume, String file) {
    return "gluster volume heal %s split-brain latest-mtime '%s'"
        .formatted(volume, file.replace("'", "'\\''"));
  }
}
