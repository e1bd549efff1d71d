package io.provision.resource;

import io.provision.model.Content;
import io.provision.model.Sha256;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Questions about files: one {@code stat} and one {@code sha256sum} for all of a host; large files
 * are digested each by itself.
 */
public final class Files {
  /** Text above this size, in bytes, is not sent back. */
  public static final int SHOWN = 65536;

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_files",
          """
          wants='' left=$(($# / 2))
          while [ "$left" -gt 0 ]; do
            wants="$wants $2" path=$1
            shift 2
            set -- "$@" "$path"
            left=$((left - 1))
          done
          stats=$(stat -L -c '%f %U %G %u %g %s %n' -- "$@")
          [ -z "$stats" ] || printf '%s\\n' "$stats"
          echo
          for path do
            [ -L "$path" ] && printf '%s\\n' "$path"
          done
          echo
          large=
          case $stats in
            *' '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]*' /'*)
              large=$(find -L "$@" -maxdepth 0 -type f -size +9999999c 2>/dev/null) ;;
          esac
          sums=$(
            count=$#
            for path do
              [ -f "$path" ] || continue
              case "
          $large
          " in *"
          $path
          "*) printf '%s  %s\\n' "$(sha256_of "$path" 10000000)" "$path" ;;
              *) set -- "$@" "$path" ;;
              esac
            done
            shift "$count"
            [ "$#" -eq 0 ] || sha256sum -- "$@"
          )
          [ -z "$sums" ] || printf '%s\\n' "$sums"
          echo
          index=0
          for want in $wants; do
            path=$1
            shift
            index=$((index + 1))
            [ "$want" != - ] && [ -f "$path" ] || continue
            case "
          $sums
          " in *"
          $want  $path
          "*) continue ;; esac
            [ "$(wc -c <"$path")" -le 65536 ] || continue
            [ "$want" != public ] || [ -n "$(find -L "$path" -maxdepth 0 -perm -004)" ] || continue
            echo "=$index"
            base64 <"$path"
          done
          return 0\
          """,
          List.of(FileScripts.SHA256_OF));

  private static final Kind<FileState> KIND = new FileKind(true);
  private static final Kind<FileState> SHARED = new FileKind(false);

  private Files() {}

  /** What is there, without its text. */
  public static Question<FileState> at(String path) {
    return Question.of(KIND, HostPath.require(path), "-");
  }

  /** What is there; with its text where its digest is another than this. */
  public static Question<FileState> unlike(String path, Sha256 wanted) {
    return Question.of(KIND, HostPath.require(path), wanted.hex());
  }

  /** What is there, with its text. */
  public static Question<FileState> text(String path) {
    return Question.of(KIND, HostPath.require(path), "text");
  }

  /** What is there, with its text where others may read it on the host as well. */
  public static Question<FileState> publicText(String path) {
    return Question.of(KIND, HostPath.require(path), "public");
  }

  /** What is there, asked again after every repair: for a file that other steps write. */
  public static Question<FileState> ofOthers(String path) {
    return Question.of(SHARED, HostPath.require(path), "-");
  }

  private record FileKind(boolean standsAlone) implements Kind<FileState> {
    @Override
    public boolean isMissing(FileState state) {
      return !state.exists();
    }

    @Override
    public ShellFunction function() {
      return LOOK;
    }

    @Override
    public boolean batched() {
      return true;
    }

    @Override
    public List<FileState> read(List<Question<FileState>> asked, Frame frame) {
      var answer = FilesAnswer.parse(frame.output());
      var states = new ArrayList<FileState>();
      for (var i = 0; i < asked.size(); i++) {
        var path = asked.get(i).arguments().getFirst();
        states.add(answer.at(path, i + 1));
      }
      return states;
    }
  }

  /** The four parts that the function prints, an empty line between them. */
  private record FilesAnswer(
      Map<String, FileState> stats,
      Set<String> links,
      Map<String, Sha256> sums,
      Map<Integer, StringBuilder> texts) {

    static FilesAnswer parse(String output) {
      var answer =
          new FilesAnswer(new HashMap<>(), new HashSet<>(), new HashMap<>(), new HashMap<>());
      var part = 0;
      var index = -1;
      for (var line : output.split("\n", -1)) {
        if (part < 3 && line.isEmpty()) {
          part++;
        } else if (part == 0) {
          answer.stat(line);
        } else if (part == 1) {
          answer.links.add(line);
        } else if (part == 2) {
          answer.sum(line);
        } else if (line.matches("=\\d{1,8}")) {
          index = Integer.parseInt(line.substring(1));
          answer.texts.put(index, new StringBuilder());
        } else if (answer.texts.get(index) instanceof StringBuilder text) {
          text.append(line);
        }
      }
      return answer;
    }

    private void stat(String line) {
      var words = line.split(" ", 7);
      if (words.length < 7
          || !words[0].matches("[0-9a-f]{1,6}")
          || !words[5].matches("\\d{1,18}")) {
        return;
      }
      var bits = Integer.parseInt(words[0], 16);
      var type =
          switch (bits & 0170000) {
            case 0100000 -> FileState.Type.FILE;
            case 0040000 -> FileState.Type.DIRECTORY;
            default -> FileState.Type.OTHER;
          };
      var owner = new FileState.Owner(words[1], words[2], words[3], words[4]);
      stats.put(
          words[6],
          new FileState(
              type,
              false,
              new FileMode(bits & 07777),
              owner,
              Long.parseLong(words[5]),
              Optional.empty(),
              Optional.empty()));
    }

    private void sum(String line) {
      if (line.matches("[0-9a-f]{64} [ *].+")) {
        sums.put(line.substring(66), new Sha256(line.substring(0, 64)));
      }
    }

    FileState at(String path, int index) {
      return stats
          .getOrDefault(path, FileState.ABSENT)
          .with(Optional.ofNullable(sums.get(path)), text(index), links.contains(path));
    }

    private Optional<Content.Plain> text(int index) {
      try {
        return Optional.ofNullable(texts.get(index))
            .map(base64 -> new Content.Plain(Base64.getDecoder().decode(base64.toString())));
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }
  }
}
