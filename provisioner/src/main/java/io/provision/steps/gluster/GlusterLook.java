package io.provision.steps.gluster;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.List;

/**
 * What one host's daemon knows by itself: these questions take no lock of the pool, so that all
 * hosts can be asked at once. The daemon makes its UUID when it is first asked anything; so a look
 * asks only one that has it.
 */
final class GlusterLook {
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

  /** This host's own UUID; empty before the daemon was first asked. */
  static final Question<String> UUID =
      Question.of(Kind.single(IDENTITY, frame -> frame.output().strip()));

  static final Question<Reading<Pool>> PEERS =
      Question.of(Kind.single(POOL, frame -> Pool.read(frame.output())));

  static final Question<Reading<List<Volume>>> INFO =
      Question.of(Kind.single(VOLUMES, GlusterLook::volumes));

  private GlusterLook() {}

  private static Reading<List<Volume>> volumes(Frame frame) {
    return Volume.read(frame.output());
  }
}
