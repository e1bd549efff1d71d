package io.provision.steps.gluster.brick;

import io.provision.remote.Frame;
import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import io.provision.resource.Mounts;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.gluster.answers.GlusterXml;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is on a block device that is to carry a brick, and what is mounted where it belongs.
 *
 * @param device what the declared name leads to, such as {@code /dev/sdb}; empty where there is no
 *     such block device
 * @param signs why it is not empty, a line each; nothing is ever made on a device with one
 * @param uuid of the file system on it; empty without one
 * @param unfinished whether its file system was begun and never finished
 * @param mounted the device that is mounted at the mount point; empty where none is
 * @param mountedUuid of the file system that is mounted there
 * @param elsewhere the device that has the file system our unit names, where it is another one
 * @param occupied whether the directory there has something in it, with nothing mounted on it
 * @param unit the text of our mount unit; empty without one
 * @param fstab whether /etc/fstab mounts something there
 */
record DiskState(
    String device,
    List<String> signs,
    String uuid,
    boolean unfinished,
    String mounted,
    String mountedUuid,
    String elsewhere,
    boolean occupied,
    String unit,
    boolean fstab) {
  private static final Pattern UUID =
      Pattern.compile("(?m)^What=UUID=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$");

  DiskState {
    signs = List.copyOf(signs);
  }

  /**
   * {@code disk_signs DEVICE}: why it is not empty, a line each; nothing for an empty one. Two
   * programs look for signatures, since neither knows all of them. A program that does not answer
   * is a reason as well: nobody knows then that it is empty.
   */
  static final ShellFunction SIGNS =
      new ShellFunction(
          "disk_signs",
          """
          bytes=$(blockdev --getsize64 "$1" 2>/dev/null)
          if [ "${bytes:-0}" = 0 ] || ! head -c 1 "$1" >/dev/null 2>&1; then
            echo "it has no medium or cannot be read"
            return 0
          fi
          [ "$(blockdev --getro "$1")" = 0 ] || echo "it is read-only"
          parts=$(lsblk -n -r -o NAME,TYPE "$1" 2>/dev/null) && [ -n "$parts" ] || echo "lsblk does not say what is on it"
          printf '%s\\n' "$parts" | sed 1d | while read -r part kind; do echo "$part ($kind) is on it"; done
          for holder in "/sys/class/block/${1##*/}/holders"/*; do
            [ ! -e "$holder" ] || echo "${holder##*/} uses it"
          done
          number=$(lsblk -n -d -o MAJ:MIN "$1" | tr -d ' ')
          case $number in *:*) ;; *) echo "lsblk does not say which device it is" ;; esac
          awk -v n="$number" '$3 == n { print "it is mounted at " $5 }' /proc/self/mountinfo ||
            echo "nobody can tell whether it is mounted"
          [ ! -e /proc/swaps ] || awk -v d="$1" '$1 == d { print "it is swap in use" }' /proc/swaps ||
            echo "nobody can tell whether it is swap in use"
          found=$(blkid -p -o export -- "$1" 2>/dev/null)
          case $? in
            0) printf '%s\\n' "$found" | awk -F= '
                 $1 == "TYPE" || $1 == "PTTYPE" { type = $2 } $1 == "LABEL" { label = ", label " $2 } $1 == "UUID" { uuid = ", UUID " $2 }
                 END { print "it has a signature of " (type ? type : "something unknown") label uuid }' ;;
            2) ;;
            8) echo "it has several signatures" ;;
            *) echo "blkid does not say what is on it" ;;
          esac
          if [ -z "$found" ]; then
            found=$(wipefs -n --noheadings -O TYPE "$1" 2>/dev/null) || echo "wipefs does not say what is on it"
            [ -z "$found" ] || printf '%s\\n' "$found" | sed 's/^ */it has a signature of /'
          fi
          return 0\
          """);

  /** {@code disk_unfinished DEVICE UUID}: mkfs.xfs began this file system and was stopped. */
  static final ShellFunction UNFINISHED =
      new ShellFunction(
          "disk_unfinished",
          """
          [ "$(blkid -p -o value -s TYPE -- "$1" 2>/dev/null)" = xfs ] &&
            [ "$(blkid -p -o value -s UUID -- "$1")" = "$2" ] &&
            [ "$(dd if="$1" bs=1 skip=126 count=1 2>/dev/null | od -An -tu1 | tr -d ' ')" = 1 ]\
          """);

  /** {@code look_gluster_disk DEVICE MOUNT_POINT UNIT_FILE}. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_gluster_disk",
          """
          declared=$1 at=$2 file=$3 ours=''
          if [ -f "$file" ]; then
            ours=$(sed -n 's/^What=UUID=//p' "$file" | head -n 1)
            printf 'unit='
            base64 -w 0 <"$file"
            echo
          fi
          device=$(readlink -f -- "$declared")
          uuid=''
          if [ -b "$device" ]; then
            echo "device=$device"
            disk_signs "$device" | sed 's/^/sign=/'
            uuid=$(blkid -p -o value -s UUID -- "$device" 2>/dev/null)
            echo "uuid=$uuid"
            [ -n "$uuid" ] && disk_unfinished "$device" "$uuid" && echo unfinished=yes
          fi
          source=$(mount_source "$at")
          if [ -n "$source" ]; then
            echo "mounted=$(readlink -f -- "$source")"
            echo "mounted_uuid=$(blkid -p -o value -s UUID -- "$source" 2>/dev/null)"
          else
            [ -d "$at" ] && [ -n "$(find "$at" -mindepth 1 -print -quit)" ] && echo occupied=yes
            [ -n "$ours" ] && [ "$ours" != "$uuid" ] &&
              echo "elsewhere=$(blkid -c /dev/null -o device -t "UUID=$ours" 2>/dev/null | head -n 1)"
          fi
          awk -v at="$at" '$1 !~ /^#/ && $2 == at { print "fstab=yes" }' /etc/fstab
          return 0\
          """,
          List.of(SIGNS, UNFINISHED, Mounts.SOURCE));

  private static final Kind<DiskState> KIND = Kind.single(LOOK, DiskState::read);

  static Question<DiskState> of(String device, String mountPoint, String unitFile) {
    return Question.of(KIND, device, mountPoint, unitFile);
  }

  static DiskState read(Frame frame) {
    var values = Pairs.of(frame);
    return new DiskState(
        values.last("device"),
        values.all("sign").stream().map(GlusterXml::oneLine).toList(),
        values.last("uuid"),
        values.has("unfinished"),
        values.last("mounted"),
        values.last("mounted_uuid"),
        values.last("elsewhere"),
        values.has("occupied"),
        values.decoded("unit"),
        values.has("fstab"));
  }

  /** Of the file system that our unit mounts: made, or about to be made when a run ended. */
  Optional<String> ours() {
    var matcher = UUID.matcher(unit);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
