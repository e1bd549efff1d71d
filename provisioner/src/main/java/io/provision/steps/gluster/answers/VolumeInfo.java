package io.provision.steps.gluster.answers;

import io.provision.steps.gluster.declared.GlusterVolume.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A volume as {@code gluster volume info} describes it.
 *
 * @param setSize bricks that hold one file's copies or pieces, with the arbiter; 1 where there are
 *     no copies
 * @param options declared ones, and those that gluster set by itself
 */
public record VolumeInfo(
    String name,
    String id,
    boolean started,
    Kind kind,
    int setSize,
    int redundancy,
    List<Brick> bricks,
    Map<String, String> options) {

  public VolumeInfo {
    bricks = List.copyOf(bricks);
    options = Collections.unmodifiableMap(new TreeMap<>(options));
  }

  /** Where a brick is; {@code host} is the name that the pool uses. */
  public record Brick(String host, String path, String uuid, boolean arbiter) {
    @Override
    public String toString() {
      return host + ":" + path;
    }
  }

  /** Whether it has copies or pieces that a self-heal daemon looks after. */
  public boolean heals() {
    return kind != Kind.DISTRIBUTED;
  }

  /** The bricks in groups that hold the same files. */
  public List<List<Brick>> sets() {
    var sets = new ArrayList<List<Brick>>();
    for (var at = 0; at < bricks.size(); at += setSize) {
      sets.add(bricks.subList(at, Math.min(at + setSize, bricks.size())));
    }
    return sets;
  }

  public static Reading<List<VolumeInfo>> read(String answer) {
    return GlusterXml.read(
        answer,
        root -> {
          var all = root.one("volInfo").one("volumes");
          var volumes = all.all("volume").stream().map(VolumeInfo::volume).toList();
          if (all.number("count") != volumes.size()) {
            throw new GlusterXml.Malformed("the count of volumes is not that of what follows");
          }
          return volumes;
        });
  }

  public static Optional<VolumeInfo> find(List<VolumeInfo> volumes, String name) {
    return volumes.stream().filter(volume -> volume.name().equals(name)).findFirst();
  }

  private static VolumeInfo volume(GlusterXml xml) {
    var bricks = xml.one("bricks").all("brick").stream().map(VolumeInfo::brick).toList();
    var arbiters = xml.number("arbiterCount");
    var disperse = xml.number("disperseCount");
    var replica = xml.number("replicaCount");
    var setSize = disperse > 0 ? disperse : replica;
    if (bricks.isEmpty()
        || bricks.size() != xml.number("brickCount")
        || setSize < 1
        || bricks.size() % setSize != 0) {
      throw new GlusterXml.Malformed("the counts of bricks do not fit together");
    }
    var options = new TreeMap<String, String>();
    xml.find("options").stream()
        .flatMap(it -> it.all("option").stream())
        .forEach(option -> options.put(option.text("name"), option.text("value")));
    return new VolumeInfo(
        xml.text("name"),
        xml.text("id"),
        xml.text("statusStr").equals("Started"),
        disperse > 0
            ? Kind.DISPERSED
            : arbiters > 0 ? Kind.ARBITER : replica > 1 ? Kind.REPLICATED : Kind.DISTRIBUTED,
        setSize,
        xml.number("redundancyCount"),
        bricks,
        options);
  }

  private static Brick brick(GlusterXml xml) {
    var name = xml.text("name");
    var colon = name.indexOf(":/");
    if (colon < 1) {
      throw new GlusterXml.Malformed("'%s' is not a brick".formatted(GlusterXml.oneLine(name)));
    }
    return new Brick(
        name.substring(0, colon),
        name.substring(colon + 1),
        xml.text("hostUuid"),
        xml.number("isArbiter") == 1);
  }
}
