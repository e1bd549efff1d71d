package io.provision.steps.doctor;

import io.provision.model.Role;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examination;
import java.util.List;
import java.util.Map;

/**
 * How long the disk under a control plane takes to have something written for good. etcd does that
 * for each change, and wants 99 of 100 within 10 ms (etcd.io/docs/latest/faq, "What does the etcd
 * warning 'failed to send out heartbeat on time' mean?"); a mean of more is well beyond that. What
 * is written is 2300 bytes at a time, as etcd's log is.
 */
record DiskExamination() implements Examination {
  private static final long MOST_MILLIS = 10;

  /**
   * {@code look_fsync PLACE}: ends after 5 seconds, whatever the disk does. The file goes, and the
   * directory has the time of change that it had.
   */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_fsync",
          """
          place=$1
          until [ -z "$place" ] || [ -d "$place" ]; do
            case $place in */*) place=${place%/*} ;; *) place= ;; esac
          done
          file=${place:-/}/.provision-fsync.$$
          changed=$(stat -L -c %y -- "${place:-/}")
          read -r before rest </proc/uptime
          error=$(timeout 5 dd if=/dev/zero of="$file" bs=2300 count=100 oflag=dsync 2>&1 >/dev/null)
          read -r after rest </proc/uptime
          bytes=$(stat -L -c %s -- "$file" 2>/dev/null)
          rm -f -- "$file"
          [ -z "$changed" ] || touch -d "$changed" -- "${place:-/}"
          echo "place=${place:-/}"
          case $bytes in
            '' | *[!0-9]*) printf 'error=%s\\n' "$(printf '%s\\n' "$error" | head -n 1 | cut -c 1-200)" ;;
            *) echo "$before $after $bytes" | awk '{ printf "millis=%d\\nwrites=%d\\n", ($2 - $1) * 1000 + 0.5, $3 / 2300 }' ;;
          esac
          return 0\
          """);

  private static final Kind<Map<String, String>> KIND =
      Kind.volatileSingle(LOOK, (Frame frame) -> Answers.of(frame));

  private static Question<Map<String, String>> question(Target.OnHost target) {
    var place =
        target
                .inventory()
                .cluster()
                .filter(it -> it.distribution().name().equals("k3s"))
                .isPresent()
            ? "/var/lib/rancher/k3s/server/db"
            : "/var/lib/etcd";
    return Question.of(KIND, place);
  }

  @Override
  public String title() {
    return "disk";
  }

  @Override
  public boolean concerns(Target.OnHost target) {
    return target.host().is(Role.CONTROL_PLANE)
        && target.inventory().cluster().filter(it -> it.distribution().isKubernetes()).isPresent();
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(question(target));
  }

  @Override
  public List<Diagnosis> diagnoses(Target.OnHost target, Observations seen, Known known) {
    var answer = seen.of(question(target));
    var place = answer.getOrDefault("place", "/");
    var millis = Answers.number(answer, "millis");
    var writes = Answers.number(answer, "writes");
    if (millis.isEmpty() || writes.isEmpty()) {
      var error = answer.getOrDefault("error", "");
      return List.of(
          Diagnosis.warning(
              "does not let anything be written under %s, where its datastore will be%s"
                  .formatted(place, error.isEmpty() ? "" : ": " + error),
              "see 'df -h %s' and 'findmnt -T %s' there".formatted(place, place)));
    }
    var each = millis.getAsLong() / Math.max(1, writes.getAsLong());
    return writes.getAsLong() > 0 && each <= MOST_MILLIS
        ? List.of()
        : List.of(
            Diagnosis.warning(
                writes.getAsLong() == 0
                    ? "took more than %d s to write 2300 bytes for good under %s; etcd wants 10 ms"
                        .formatted(millis.getAsLong() / 1000, place)
                    : "takes %d ms to write 2300 bytes for good under %s (the mean of %d); etcd wants 10 ms at most"
                        .formatted(each, place, writes.getAsLong()),
                "put %s on an SSD, or leave the disk to it alone; what waits for it shows 'iostat -x 1'"
                    .formatted(place)));
  }
}
