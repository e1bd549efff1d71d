package io.provision.steps.gluster.gate;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.gluster.answers.HealSummary;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.SplitBrain;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.answers.VolumeStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Looks at the health of a pool, some seconds apart, in one exec. A host that comes back shows four
 * different pictures of "almost whole" within eight seconds, so one look proves nothing.
 */
public final class HealthSamples {
  /** How many looks in a row must show the same before it counts. */
  static final int ENOUGH = 3;

  /**
   * One look.
   *
   * @param asked empty on a host that did not ask the whole pool
   */
  public record Sample(
      Reading<Pool> pool, Reading<List<VolumeInfo>> volumes, Optional<Asked> asked) {}

  /** The pool's answer, by volumes; what is in split-brain only where something is. */
  public record Asked(
      Map<String, Reading<VolumeStatus>> status,
      Map<String, Reading<HealSummary>> heal,
      Map<String, Reading<SplitBrain>> split) {
    public Asked {
      status = Collections.unmodifiableMap(new TreeMap<>(status));
      heal = Collections.unmodifiableMap(new TreeMap<>(heal));
      split = Collections.unmodifiableMap(new TreeMap<>(split));
    }

    /** Where nothing is known to be in split-brain. */
    public Asked(
        Map<String, Reading<VolumeStatus>> status, Map<String, Reading<HealSummary>> heal) {
      this(status, heal, Map.of());
    }
  }

  /**
   * {@code ask_gluster_health TIMES WHOLE}: WHOLE is yes on hosts that ask the whole pool. Status
   * takes locks of the pool: where another has them it is asked again. A peer that swallows packets
   * makes every answer slow: after the first such one, or half a minute and two seconds a volume,
   * no other is asked for. What is clearly not whole is not looked at a second time; that it is
   * whole is not said here. A name in split-brain is somebody's choice: no line of that answer can
   * look like one of ours.
   */
  public static final ShellFunction ASK =
      new ShellFunction(
          "ask_gluster_health",
          """
          times=$1 whole=$2
          [ -s /var/lib/glusterd/glusterd.info ] || return 1
          ask() { timeout -s KILL 20 gluster --mode=script --xml --timeout=15 "$@" 2>&1 </dev/null; }
          hear() {
            if [ "$(date +%s)" -ge "$end" ]; then
              answer='not asked: the pool took too long with other answers'
              return
            fi
            answer=$(ask "$@")
            [ $? -ne 137 ] || answer='no answer within 20 s'
            case $answer in
              'no answer'* | *'Request timed out'*) end=0 ;;
            esac
          }
          about() {
            tries=10
            while :; do
              hear volume status "$1"
              case $answer in
                *'Another transaction is in progress'* | *'Locking failed'*) ;;
                *) break ;;
              esac
              tries=$((tries - 1))
              [ "$tries" -gt 0 ] || break
              sleep 0.5
            done
            printf '@status %s\\n%s\\n' "$1" "$answer"
            hear volume heal "$1" info summary
            printf '@heal %s\\n%s\\n' "$1" "$answer"
            case $answer in
              *'<numberOfEntriesInSplitBrain>'[1-9]*)
                hear volume heal "$1" info split-brain
                printf '@split %s\\n%s\\n' "$1" "$(printf '%s' "$answer" | sed 's/^@/ @/' | head -c 200000)"
                ;;
            esac
          }
          while :; do
            sample=$(
              end=$(($(date +%s) + 30))
              for volume in /var/lib/glusterd/vols/*/info; do end=$((end + 2)); done
              echo @pool
              ask pool list
              echo @volumes
              ask volume info
              if [ "$whole" = yes ]; then
                echo @whole
                for volume in /var/lib/glusterd/vols/*/info; do
                  [ -f "$volume" ] || continue
                  volume=${volume%/info}
                  about "${volume##*/}"
                done
              fi
            )
            printf '@sample\\n%s\\n' "$sample"
            times=$((times - 1))
            [ "$times" -gt 0 ] || return 0
            case $sample in
              *'<connected>0<'* | *'Entries>'[1-9]* | *'EntriesInHealPending>'[1-9]* | *'not connected'* | *'no answer within'* | *'Request timed out'*) return 0 ;;
            esac
            sleep 4
          done\
          """);

  private static final Kind<List<Sample>> KIND =
      Kind.volatileSingle(ASK, frame -> HealthSamples.read(frame));

  private HealthSamples() {}

  /**
   * @param whole whether this host asks the whole pool, too
   */
  static Question<List<Sample>> question(int times, boolean whole) {
    return Question.of(KIND, Integer.toString(times), whole ? "yes" : "no");
  }

  public static List<Sample> read(Frame frame) {
    var samples = new ArrayList<Sample>();
    for (var part : frame.output().split("(?m)^@sample\n")) {
      if (!part.isBlank()) {
        samples.add(sample(part));
      }
    }
    return List.copyOf(samples);
  }

  /** What is said twice counts as it was said first. */
  private static Sample sample(String text) {
    var parts = new HashMap<String, String>();
    for (var part : text.split("(?m)^@")) {
      var end = part.indexOf('\n');
      parts.putIfAbsent(
          end < 0 ? part.strip() : part.substring(0, end), end < 0 ? "" : part.substring(end + 1));
    }
    var status = new HashMap<String, Reading<VolumeStatus>>();
    var heal = new HashMap<String, Reading<HealSummary>>();
    var split = new HashMap<String, Reading<SplitBrain>>();
    parts.forEach((title, body) -> {
      var space = title.indexOf(' ');
      var volume = title.substring(space + 1);
      switch (space < 0 ? "" : title.substring(0, space)) {
        case "status" -> status.put(volume, VolumeStatus.read(body));
        case "heal" -> heal.put(volume, HealSummary.read(body));
        case "split" -> split.put(volume, SplitBrain.read(body));
        default -> {}
      }
    });
    return new Sample(
        Pool.read(parts.getOrDefault("pool", "")),
        VolumeInfo.read(parts.getOrDefault("volumes", "")),
        parts.containsKey("whole")
            ? Optional.of(new Asked(status, heal, split))
            : Optional.empty());
  }
}
