package io.provision.steps.gluster.brick;

import io.provision.remote.Frame;
import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.List;

/**
 * What is at a brick's path.
 *
 * @param mount where the file system is mounted that the path is on; empty where nobody knows
 * @param id of the volume that its extended attribute names, as 32 hexadecimal digits; empty
 *     without one
 * @param parentId as {@code id}, of the first directory above that has one
 * @param foreign whether it holds anything that is not gluster's own, or could not be searched
 * @param marker what our own marker beside it says
 * @param back the command that makes the volume again that was deleted here; empty where this host
 *     does not know it
 */
record BrickState(
    String mount,
    boolean exists,
    boolean directory,
    String id,
    boolean gfid,
    String parentId,
    boolean foreign,
    String marker,
    String back,
    boolean readable) {

  /**
   * {@code brick_foreign PATH}: something in a directory that is not gluster's own, if there is
   * anything; 1 where it could not be searched. What a brick got while it was in a volume is
   * gluster's as long as it holds no file: what was deleted lies in .trashcan, and what a rename or
   * a heal has not finished under .glusterfs-anonymous-inode-GFID.
   */
  static final ShellFunction FOREIGN =
      new ShellFunction(
          "brick_foreign",
          """
          (
            cd -- "$1" || exit
            find . -mindepth 1 -path ./.glusterfs -prune -o \\
              -type d \\( -path './.glusterfs-anonymous-inode-*' -o -path ./.trashcan -o -path './.trashcan/*' \\) -o \\
              -print -quit
          )\
          """);

  /** {@code look_gluster_brick PATH MARKER}. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_gluster_brick",
          """
          path=$1 marker=$2
          at=$path
          while [ ! -e "$at" ]; do
            case $at in */*) at=${at%/*} ;; *) at=. ;; esac
            at=${at:-/}
          done
          echo "mount=$(findmnt -n -o TARGET -T "$at" | tail -n 1)"
          [ -e "$path" ] || [ -L "$path" ] && echo exists=yes
          [ -d "$path" ] && [ ! -L "$path" ] && echo directory=yes
          command -v getfattr >/dev/null && echo readable=yes
          id() { getfattr --absolute-names -h -n trusted.glusterfs.volume-id -e hex -- "$1" | sed -n 's/^trusted.glusterfs.volume-id=0x//p'; }
          echo "id=$(id "$path")"
          getfattr --absolute-names -h -n trusted.gfid -- "$path" >/dev/null && echo gfid=yes
          case $path in */*) above=${path%/*} ;; *) above='' ;; esac
          while [ -n "$above" ]; do
            found=$(id "$above")
            [ -z "$found" ] || { echo "parent=$found"; break; }
            case $above in */*) above=${above%/*} ;; *) break ;; esac
          done
          if [ -d "$path" ]; then
            strange=$(brick_foreign "$path") && [ -z "$strange" ] || echo foreign=yes
          fi
          [ -f "$marker" ] && echo "marker=$(head -c 1000 "$marker" | head -n 1)" &&
            echo "back=$(head -c 100000 "$marker" | sed -n 2p)"
          return 0\
          """,
          List.of(FOREIGN));

  private static final Kind<BrickState> KIND = Kind.single(LOOK, BrickState::read);

  static Question<BrickState> of(String path, String marker) {
    return Question.of(KIND, path, marker);
  }

  private static BrickState read(Frame frame) {
    var values = Pairs.of(frame);
    return new BrickState(
        values.last("mount"),
        values.has("exists"),
        values.has("directory"),
        values.last("id"),
        values.has("gfid"),
        values.last("parent"),
        values.has("foreign"),
        values.last("marker"),
        values.last("back"),
        values.has("readable"));
  }

  boolean isOnRoot() {
    return mount.equals("/");
  }
}
