package io.provision.steps.gluster.pool;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What one host's daemon knows by itself: these questions take no lock of the pool, so that all
 * hosts can be asked at once. The daemon makes its UUID when it is first asked anything; so a look
 * asks only one that has it.
 */
public final class GlusterLook {
  private static final ShellFunction IDENTITY =
      new ShellFunction(
          "look_gluster_identity",
          "sed -n 's/^UUID=//p' /var/lib/glusterd/glusterd.info | head -n 1");

  private static final ShellFunction POOL =
      new ShellFunction(
          "look_gluster_pool",
          """
          [ -s /var/lib/glusterd/glusterd.info ] || return 1
          gluster --mode=script --xml --timeout=60 pool list 2>&1\
          """);

  private static final ShellFunction VOLUMES =
      new ShellFunction(
          "look_gluster_volumes",
          """
          [ -s /var/lib/glusterd/glusterd.info ] || return 1
          gluster --mode=script --xml --timeout=60 volume info 2>&1\
          """);

  private static final Pattern WHOLE_UUID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /**
   * This host's own UUID; empty before the daemon was first asked, and where its file is damaged:
   * half of one would be nobody's in the pool.
   */
  public static final Question<String> UUID =
      Question.of(Kind.single(IDENTITY, frame -> uuid(frame.output().strip())));

  public static final Question<Reading<Pool>> PEERS =
      Question.of(Kind.single(POOL, frame -> Pool.read(frame.output())));

  public static final Question<Reading<List<VolumeInfo>>> INFO =
      Question.of(Kind.single(VOLUMES, GlusterLook::volumes));

  /** {@code VOLUME VERSION CHECKSUM} a line, as {@code glusterd} compares them with its peers. */
  private static final ShellFunction RECORDS =
      new ShellFunction(
          "look_gluster_records",
          """
          for info in /var/lib/glusterd/vols/*/info; do
            [ -f "$info" ] || continue
            volume=${info%/info}
            echo "${volume##*/} $(sed -n 's/^version=//p' "$info" | head -n 1) $(sed -n 's/^info=//p' "$volume/cksum" | head -n 1)"
          done
          return 0\
          """);

  /** By volume, what this host keeps of it, in words. */
  static final Question<Map<String, String>> RECORDED =
      Question.of(Kind.single(RECORDS, frame -> records(frame.output())));

  private GlusterLook() {}

  static Map<String, String> records(String output) {
    var records = new TreeMap<String, String>();
    for (var line : output.split("\n")) {
      var words = line.split(" ", 3);
      if (words.length == 3 && !words[0].isEmpty()) {
        records.put(words[0], "version %s with checksum %s".formatted(words[1], words[2]));
      }
    }
    return Collections.unmodifiableMap(records);
  }

  private static String uuid(String said) {
    return WHOLE_UUID.matcher(said).matches() ? said : "";
  }

  private static Reading<List<VolumeInfo>> volumes(Frame frame) {
    return VolumeInfo.read(frame.output());
  }
}
