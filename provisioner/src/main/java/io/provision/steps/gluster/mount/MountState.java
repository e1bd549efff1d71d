package io.provision.steps.gluster.mount;

import io.provision.remote.Frame;
import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import io.provision.resource.Mounts;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.gluster.answers.Reading;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is at a mount point, without touching it: the kernel's table says what is mounted, a mount
 * namespace of our own shows the directory underneath, and only where GlusterFS is mounted already
 * the sentinel is read, by a process that nobody waits for longer than five seconds.
 *
 * @param type of the file system mounted there last; empty where there is none
 * @param answer of the mounted file system: ok, dead (nobody serves it any more), away (it gives
 *     errors: too few bricks are in reach), hung, or empty
 * @param sentinel the volume id that a file in the mounted volume says
 * @param inTable whether a line of {@code /etc/fstab} mounts something there
 * @param units text of the unit files by their names; empty where one is not there
 */
record MountState(
    String type,
    String source,
    String answer,
    String sentinel,
    boolean directory,
    boolean immutable,
    boolean empty,
    boolean inTable,
    Map<String, String> units) {
  static final String GLUSTER = "fuse.glusterfs";
  static final String SENTINEL = ".provision-volume";

  MountState {
    units = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(units));
  }

  /** {@code mount_served PATH}: a process of GlusterFS stands behind this mount. */
  static final ShellFunction SERVED =
      new ShellFunction(
          "mount_served",
          """
          for server in /proc/[0-9]*/cmdline; do
            case $(tr '\\0' ' ' <"$server" 2>/dev/null) in
              */glusterfs\\ *" $1 ") return 0 ;;
            esac
          done
          return 1\
          """);

  /**
   * {@code mount_answer PATH}: {@code answer=...}, and the sentinel where it is ok. A process that
   * asks a hung file system cannot even be killed: it is left behind, and holds none of our
   * streams.
   */
  static final ShellFunction ANSWER =
      new ShellFunction(
          "mount_answer",
          """
          (
            exec </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
            [ -d "$1/." ] && { [ ! -e "$1/.provision-volume" ] || head -c 64 "$1/.provision-volume"; }
          ) &
          pid=$! tries=50
          while [ "$tries" -gt 0 ]; do
            read -r _ _ state _ <"/proc/$pid/stat" || break
            [ "$state" != Z ] || break
            sleep 0.1
            tries=$((tries - 1))
          done
          if [ "$tries" -le 0 ]; then
            echo answer=hung
          elif wait "$pid"; then
            printf 'sentinel=%s\\nanswer=ok\\n' "$(head -c 64 "$1/.provision-volume" | head -n 1)"
          elif mount_served "$1"; then
            echo answer=away
          else
            echo answer=dead
          fi\
          """,
          List.of(SERVED));

  /** {@code look_gluster_mount PATH UNIT_FILE...}. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_gluster_mount",
          """
          path=$1
          shift
          last=$(mount_type "$path")
          [ -z "$last" ] || printf 'type=%s\\nsource=%s\\n' "$last" "$(mount_source "$path")"
          if [ "$last" = fuse.glusterfs ]; then
            mount_answer "$path"
          fi
          parent=${path%/*} base=${path##*/}
          if [ -d "${parent:-/}" ]; then
            unshare -m sh -c '
              mount --bind "$1" "$1" && cd "$1" && [ -d "./$2" ] || exit 0
              echo directory=yes
              case $(lsattr -d "./$2") in *i*" ./"*) echo immutable=yes ;; esac
              [ -n "$(find "./$2" -mindepth 1 -print -quit)" ] || echo empty=yes
            ' sh "${parent:-/}" "$base"
          fi
          while read -r what where _; do
            case $what in '#'*) continue ;; esac
            [ "${where%/}" != "$path" ] || echo table=yes
          done 2>/dev/null </etc/fstab
          for file do
            [ -f "$file" ] || continue
            printf 'unit=%s ' "${file##*/}"
            base64 -w 0 <"$file"
            echo
          done
          return 0\
          """,
          List.of(ANSWER, Mounts.TYPE, Mounts.SOURCE));

  private static final Kind<MountState> KIND = Kind.single(LOOK, MountState::read);

  static Question<MountState> of(String path, String... unitFiles) {
    var arguments = new java.util.ArrayList<>(List.of(path));
    arguments.addAll(List.of(unitFiles));
    return new Question<>(KIND, arguments);
  }

  private static MountState read(Frame frame) {
    var values = Pairs.of(frame);
    Map<String, String> units = new HashMap<>();
    values.all("unit").forEach(words -> unit(words, units));
    return new MountState(
        values.last("type"),
        values.last("source"),
        values.last("answer"),
        values.last("sentinel"),
        values.has("directory"),
        values.has("immutable"),
        values.has("empty"),
        values.has("table"),
        units);
  }

  private static void unit(String words, Map<String, String> units) {
    var space = words.indexOf(' ');
    if (space < 1) {
      return;
    }
    try {
      var bytes = Base64.getDecoder().decode(words.substring(space + 1));
      units.put(words.substring(0, space), new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException _) {
      units.put(words.substring(0, space), "");
    }
  }

  boolean isMounted() {
    return type.equals(GLUSTER);
  }

  /** Whether what is mounted is the volume of this name, as the kernel knows its source. */
  boolean isOf(String volume) {
    var name = source.substring(source.indexOf(':') + 1);
    return isMounted() && (name.equals(volume) || name.equals("/" + volume));
  }

  /** Whether it comes back by itself as soon as enough bricks are in reach. */
  boolean isAway() {
    return answer.equals("away") || answer.equals("hung");
  }

  /** How it is, in a few words. */
  String words() {
    if (!isMounted()) {
      return type.isEmpty() || type.equals("autofs") ? "not mounted" : type + " is mounted there";
    }
    return switch (answer) {
      case "ok" -> sentinel.isEmpty() ? "mounted, without its mark" : "mounted";
      case "dead" -> "dead: gives errors";
      case "away" -> "too few bricks in reach";
      case "hung" -> "hangs: no answer within 5 s";
      default -> Reading.UNKNOWN;
    };
  }
}
