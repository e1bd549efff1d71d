package io.provision.steps.kubeadm;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which images Kubernetes asks for, and which of an archive containerd has; and how it gets them.
 */
final class ImageLooks {
  /** What a record says: a digest, then the name of one image a line. */
  private static final ShellFunction HELD =
      new ShellFunction(
          "look_held_images",
          """
          have=$(timeout 30 ctr -n k8s.io images ls -q | head -c 500000)
          for record do
            [ -f "$record" ] || continue
            printf 'record %s %s\\n' "$record" "$(head -n 1 "$record" | head -c 64)"
            head -c 100000 "$record" | tail -n +2 | while IFS= read -r image; do
              case "
          $have
          " in *"
          $image
          "*) echo present ;; esac
            done
          done
          return 0\
          """);

  /**
   * {@code take_in_archive ARCHIVE RECORD SHA256}: its images are in containerd, the record says
   * so, and the archive is gone. Docker leaves out what is usual of a name.
   */
  static final ShellFunction TAKE_IN =
      new ShellFunction(
          "take_in_archive",
          """
          archive=$1 record=$2
          names=$(tar -xOf "$archive" manifest.json 2>/dev/null | head -c 1000000 |
            grep -o '"RepoTags": *\\[[^]]*\\]' | sed 's/^"RepoTags": *//' | grep -o '"[^"]*:[^"]*"' | tr -d '"')
          if [ -z "$names" ]; then
            rm -f -- "$archive"
            echo "the archive of images names none: make it by 'docker save' or 'ctr images export', not compressed" >&2
            return 1
          fi
          say "taking in $(printf '%s\\n' "$names" | wc -l | tr -d ' ') images"
          try ctr -n k8s.io images import "$archive" >&2 || {
            rm -f -- "$archive"
            return 1
          }
          rm -f -- "$archive"
          (umask 022 && try mkdir -p -- "${record%/*}") || return
          text=$(
            printf '%s\\n' "$3"
            printf '%s\\n' "$names" | while IFS= read -r name; do
              case ${name%%/*} in
                "$name") name=docker.io/library/$name ;;
                *.* | *:* | localhost) ;;
                *) name=docker.io/$name ;;
              esac
              printf '%s\\n' "$name"
            done
          )
          put_text "$record" "$text
          "\
          """,
          List.of(io.provision.resource.FileTransfer.PUT_TEXT));

  private static final ShellFunction NAMES =
      new ShellFunction(
          "look_kubeadm_images",
          """
          [ -x /usr/local/bin/kubeadm ] || return 0
          timeout 30 /usr/local/bin/kubeadm config images list --kubernetes-version "$1" |
            head -n 50 | head -c 10000\
          """);

  /** A name of an image has at most 255 characters, and a tag 128. */
  private static final int LONGEST = 400;

  private static final Pattern IMAGE =
      Pattern.compile(
          "[a-z0-9][a-z0-9.-]*(:\\d+)?(/[a-z0-9._-]+)+:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  private static final Kind<Map<String, Held>> KIND = Kind.single(HELD, ImageLooks::read);
  private static final Kind<List<String>> LIST = Kind.single(NAMES, ImageLooks::names);

  /**
   * What is there of an archive.
   *
   * @param digest of the archive that was taken in; empty where none was
   * @param present how many of its images are there
   */
  record Held(String digest, int present) {
    static final Held NOTHING = new Held("", 0);
  }

  private ImageLooks() {}

  /** By the record. */
  static Question<Map<String, Held>> held(List<String> records) {
    return Question.of(KIND, records.toArray(String[]::new));
  }

  /** The images of this version, as its kubeadm names them; none while there is no kubeadm. */
  static Question<List<String>> names(Target target) {
    return Question.of(LIST, Nodes.version(target).toString());
  }

  private static List<String> names(Frame frame) {
    return frame
        .output()
        .lines()
        .filter(line -> line.length() < LONGEST && IMAGE.matcher(line).matches())
        .toList();
  }

  private static Map<String, Held> read(Frame frame) {
    var held = new HashMap<String, Held>();
    var at = "";
    for (var line : frame.output().split("\n")) {
      var words = line.split(" ");
      if (words.length == 3 && words[0].equals("record") && words[2].matches("[0-9a-f]{64}")) {
        at = words[1];
        held.put(at, new Held(words[2], 0));
      } else if (line.equals("present") && held.containsKey(at)) {
        held.computeIfPresent(at, (_, it) -> new Held(it.digest(), it.present() + 1));
      }
    }
    return Map.copyOf(held);
  }
}
