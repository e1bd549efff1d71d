package io.provision.steps.gluster.answers;

import java.util.ArrayList;
import java.util.HashMap;
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
   * @param file path inside the volume, or {@code gfid:...} where no brick knows a path
   */
  public record Entry(String brick, String file) {}

  public static Reading<SplitBrain> read(String answer) {
    return GlusterXml.read(
        answer,
        root -> {
          var entries = new ArrayList<Entry>();
          var paths = new HashMap<String, String>();
          var bricks = root.one("healInfo").one("bricks").all("brick");
          bricks.stream()
              .flatMap(brick -> brick.all("file").stream())
              .filter(file -> file.own().startsWith("/"))
              .forEach(file -> paths.putIfAbsent(file.attribute("gfid"), file.own()));
          for (var brick : bricks) {
            var name = brick.text("name");
            for (var file : brick.all("file")) {
              var bare = file.own().replaceFirst("^<(gfid:.*)>$", "$1");
              entries.add(new Entry(name, paths.getOrDefault(file.attribute("gfid"), bare)));
            }
          }
          return new SplitBrain(entries);
        });
  }

  /** What to type where the copy on this entry's brick is the right one; that always works. */
  public static String remedy(String volume, Entry entry) {
    return "gluster volume heal %s split-brain source-brick %s '%s'"
        .formatted(volume, entry.brick(), entry.file().replace("'", "'\\''"));
  }
}
