package io.provision.resource.unit;

import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.ManagedFile;
import java.util.ArrayList;
import java.util.List;

/**
 * A unit that runs as somebody else started it, gets files of ours and goes on, since nothing that
 * it was started with differs from what these say: that is written down first, as every start of it
 * will from then on, so that a run that is killed in between begins again.
 */
public final class Takeover {
  /**
   * {@code record_start UNIT LINES FILE...}: what {@link Units#recordLine} has every start leave,
   * for one that runs: LINES as sha256sum has them, of files that are about to be written, and
   * those of the others as they are.
   */
  private static final ShellFunction RECORD =
      new ShellFunction(
          "record_start",
          """
          record_unit=$1 record_lines=$2
          shift 2
          (
            umask 077
            try mkdir -p /run/provision/started || return
            {
              [ -z "$record_lines" ] || printf '%s\\n' "$record_lines"
              [ "$#" -eq 0 ] || sha256sum -- "$@" 2>/dev/null
              :
            } >"/run/provision/started/$record_unit"
          )\
          """);

  /** {@code keep_unit UNIT}: it starts at boot as its file says now, and is left as it runs. */
  private static final ShellFunction KEEP =
      new ShellFunction("keep_unit", "bring_unit \"$1\" - enable", List.of(UnitScripts.BRING));

  private Takeover() {}

  /**
   * Writes the files, and has the unit recorded as started with them.
   *
   * @param unit with all that it reads
   * @param coming of what it reads, what is about to be written; its own file last
   */
  public static List<Script> scripts(Unit unit, List<ManagedFile> coming) {
    var paths = coming.stream().map(ManagedFile::path).toList();
    var lines = coming.stream().map(file -> file.sha256().hex() + "  " + file.path()).toList();
    var words = new ArrayList<>(List.of(unit.name(), String.join("\n", lines)));
    unit.reads().keySet().stream().filter(path -> !paths.contains(path)).forEach(words::add);
    var scripts = new ArrayList<Script>();
    scripts.add(Script.of(RECORD, words.toArray(String[]::new)));
    coming.forEach(file -> scripts.add(file.write()));
    return List.copyOf(scripts);
  }

  /** Once its files are there. */
  public static Script kept(Unit unit) {
    return Script.of(KEEP, unit.name());
  }
}
