package io.provision.resource.unit;

import io.provision.model.Sha256;
import io.provision.remote.Frame;
import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import io.provision.resource.HostPath;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Questions about units: one {@code systemctl show} for all of a host. The link that systemd makes
 * at each start of a unit, {@code /run/systemd/units/invocation:UNIT}, tells which of its own files
 * are newer; what generators write under /run is new after every reload and tells nothing.
 */
public final class Units {
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_units",
          """
          shown=$(systemctl show -p \
            Id,LoadState,ActiveState,SubState,UnitFileState,FragmentPath,DropInPaths -- "$@")
          printf '%s\\n\\n' "$shown"
          printf '%s\\n\\n' "$shown" | {
            set -f
            id='' files=''
            while IFS= read -r line; do
              case $line in
                Id=*) id=${line#Id=} ;;
                FragmentPath=/run/*) ;;
                FragmentPath=?* | DropInPaths=?*) files="$files ${line#*=}" ;;
                '')
                  if [ -n "$files" ] && [ -L "/run/systemd/units/invocation:$id" ]; then
                    printf '!%s\\n' "$id"
                    find $files -newer "/run/systemd/units/invocation:$id" ! -newermt now
                    echo
                  fi
                  id='' files=''
                  ;;
              esac
            done
          }
          for unit do
            [ -f "/run/provision/started/$unit" ] || continue
            printf '\\n@%s\\n' "$unit"
            cat "/run/provision/started/$unit"
          done
          return 0\
          """);

  private static final Kind<UnitState> KIND = new UnitKind();

  private Units() {}

  public static Question<UnitState> of(String unit) {
    return Question.of(KIND, unit);
  }

  /**
   * A line for the {@code [Service]} section of a unit file: every start leaves the digests of
   * these files under /run/provision/started, where {@link Unit} compares them. Include the unit
   * file itself.
   */
  public static String recordLine(List<String> files) {
    var words = new StringBuilder();
    files.forEach(file -> words.append(' ').append(systemdWord(HostPath.require(file))));
    return "ExecStartPre=-+/bin/sh -c 'umask 077; mkdir -p /run/provision/started;"
        + " u=$$1; shift; sha256sum -- \"$$@\" >\"/run/provision/started/$$u\" 2>/dev/null' sh %n"
        + words;
  }

  /** One word of a systemd command line, see systemd.service(5). */
  private static String systemdWord(String value) {
    return '"' + value.replace("\"", "\\\"").replace("%", "%%").replace("$", "$$") + '"';
  }

  private record UnitKind() implements Kind<UnitState> {
    @Override
    public ShellFunction function() {
      return LOOK;
    }

    @Override
    public boolean batched() {
      return true;
    }

    @Override
    public List<UnitState> read(List<Question<UnitState>> asked, Frame frame) {
      var blocks = new ArrayList<Pairs>();
      var started = new HashMap<String, Map<String, Sha256>>();
      var newer = new HashMap<String, List<String>>();
      for (var block : frame.output().split("\n\n+")) {
        if (block.startsWith("@")) {
          var end = block.indexOf('\n');
          started.put(
              end < 0 ? block.substring(1) : block.substring(1, end),
              digests(end < 0 ? "" : block.substring(end + 1)));
        } else if (block.startsWith("!")) {
          var lines = block.lines().toList();
          newer.put(lines.getFirst().substring(1), lines.subList(1, lines.size()));
        } else if (!block.isBlank()) {
          blocks.add(Pairs.of(block));
        }
      }
      var states = new ArrayList<UnitState>();
      for (var i = 0; i < asked.size(); i++) {
        var of = i < blocks.size() ? blocks.get(i) : Pairs.of("");
        var unit = asked.get(i).arguments().getFirst();
        states.add(
            state(
                of,
                newer.getOrDefault(of.has("Id") ? of.last("Id") : unit, List.of()),
                started.getOrDefault(unit, Map.of())));
      }
      return states;
    }

    private static UnitState state(Pairs of, List<String> newer, Map<String, Sha256> started) {
      return new UnitState(
          of.last("LoadState"),
          of.last("ActiveState"),
          of.last("SubState"),
          of.last("UnitFileState"),
          of.last("FragmentPath"),
          newer,
          started);
    }

    private static Map<String, Sha256> digests(String lines) {
      var digests = new HashMap<String, Sha256>();
      for (var line : lines.split("\n")) {
        if (line.matches("[0-9a-f]{64} [ *].+")) {
          digests.put(line.substring(66), new Sha256(line.substring(0, 64)));
        }
      }
      return digests;
    }
  }
}
