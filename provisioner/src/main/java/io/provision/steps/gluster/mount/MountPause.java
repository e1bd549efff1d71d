package io.provision.steps.gluster.mount;

import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.Mounts;
import io.provision.step.Target;
import java.util.List;
import java.util.stream.Stream;

/** The mounts of a host that goes away for a while: bricks elsewhere let go of it at once. */
public final class MountPause {
  /** {@code pause_mounts [PATH UNIT KEEPER]...}: UNIT without its type. One in use stays. */
  private static final ShellFunction END =
      new ShellFunction(
          "pause_mounts",
          """
          while [ $# -ge 3 ]; do
            path=$1 unit=$2 keeper=$3
            shift 3
            systemctl stop "$keeper" 2>/dev/null
            if [ "$(mount_type "$path")" = fuse.glusterfs ]; then
              say "unmounting $path (20 s at most)"
              timeout -s KILL 20 umount "$path" 2>/dev/null
            fi
            if [ "$(mount_type "$path")" = fuse.glusterfs ]; then
              say "$path is in use, and stays mounted until the host goes down"
            else
              systemctl stop "$unit.automount" 2>/dev/null
            fi
          done
          return 0\
          """,
          List.of(Mounts.TYPE));

  /** {@code resume_mounts [PATH UNIT KEEPER]...}: as a boot does; nobody waits for it here. */
  private static final ShellFunction RESUME =
      new ShellFunction(
          "resume_mounts",
          """
          while [ $# -ge 3 ]; do
            systemctl start --no-block "$2.automount" "$3" 2>/dev/null
            shift 3
          done
          return 0\
          """);

  private MountPause() {}

  public static Script ended(Target.OnHost target) {
    return Script.of(END, arguments(target));
  }

  public static Script over(Target.OnHost target) {
    return Script.of(RESUME, arguments(target));
  }

  private static String[] arguments(Target.OnHost target) {
    return GlusterMount.mounted(target).stream()
        .map(MountUnits::new)
        .flatMap(it -> Stream.of(it.path(), it.unit(), it.keeper()))
        .toArray(String[]::new);
  }
}
