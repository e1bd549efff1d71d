package io.provision.steps.doctor;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examined;
import io.provision.step.doctor.Measured;
import io.provision.step.doctor.Measurement;
import io.provision.step.doctor.Measuring;
import io.provision.step.doctor.Trial;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How long the disk under a control plane takes to have something written for good. etcd does that
 * for each change, and wants 99 of 100 within 10 ms (etcd.io/docs/latest/faq, "What does the etcd
 * warning 'failed to send out heartbeat on time' mean?"); a mean of more is well beyond that. What
 * is written is 2300 bytes at a time, as etcd's log is.
 *
 * @param place where the datastore will be
 * @param hosts the control planes among those that answered
 */
record DiskTrial(String place, Set<HostName> hosts) implements Trial {
  private static final long MOST_MILLIS = 10;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /**
   * {@code time_synced_writes PLACE}: ends after 5 seconds, whatever the disk does. The file has a
   * name for a moment only, so that nothing is left by whoever is killed, and the directory has the
   * time of change that it had.
   */
  private static final ShellFunction WRITES =
      new ShellFunction(
          "time_synced_writes",
          """
          place=$1
          until [ -z "$place" ] || [ -d "$place" ]; do
            case $place in */*) place=${place%/*} ;; *) place= ;; esac
          done
          file=${place:-/}/.provision-fsync.$$
          changed=$(stat -L -c %y -- "${place:-/}")
          said=$(
            {
              rm -f -- "$file"
              read -r before rest </proc/uptime
              timeout 5 dd if=/dev/zero of=/dev/fd/3 bs=2300 count=100 oflag=dsync 2>&1 >/dev/null
              ended=$?
              read -r after rest </proc/uptime
              echo "ended $ended $before $after $(stat -L -c %s /dev/fd/3)"
            } 2>&1 3>"$file"
          )
          [ -z "$changed" ] || touch -d "$changed" -- "${place:-/}"
          echo "place=${place:-/}"
          case $said in
            *'ended 0 '* | *'ended 124 '*)
              echo "${said##*ended }" |
                awk '{ printf "millis=%d\\nwrites=%d\\n", ($3 - $2) * 1000 + 0.5, $4 / 2300 }'
              ;;
            *) printf 'error=%s\\n' "$(printf '%s\\n' "$said" | head -n 1 | cut -c 1-200)" ;;
          esac
          return 0\
          """);

  static DiskTrial of(Inventory inventory, Set<HostName> seen) {
    var distribution =
        inventory.cluster().map(it -> it.distribution()).filter(it -> it.isKubernetes());
    var place =
        distribution.filter(it -> it.name().equals("k3s")).isPresent()
            ? "/var/lib/rancher/k3s/server/db"
            : "/var/lib/etcd";
    return new DiskTrial(
        place,
        inventory.hosts().stream()
            .filter(host -> distribution.isPresent() && host.is(Role.CONTROL_PLANE))
            .map(Host::name)
            .filter(seen::contains)
            .collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public String what() {
    return "the disk under the datastore";
  }

  @Override
  public Duration most() {
    return LIMIT;
  }

  @Override
  public List<Examined> examined(Measuring measuring) throws InterruptedException {
    var arguments =
        hosts.stream().collect(Collectors.toUnmodifiableMap(host -> host, _ -> List.of(place)));
    var measured = measuring.take(new Measurement<>(WRITES, arguments, LIMIT, Pairs::stripped));
    return new TreeSet<>(hosts)
        .stream()
            .map(host -> new Examined(host.value(), "disk", diagnoses(host, measured)))
            .toList();
  }

  private List<Diagnosis> diagnoses(HostName host, Measured<Pairs> measured) {
    var answer = measured.of(host);
    return answer.isPresent()
        ? diagnoses(answer.get())
        : List.of(
            Diagnosis.warning(
                "did not say how fast its disk is: " + measured.why(host), "run it again"));
  }

  private List<Diagnosis> diagnoses(Pairs answer) {
    var under = answer.has("place") ? answer.first("place") : "/";
    var millis = answer.number("millis");
    var writes = answer.number("writes");
    if (millis.isEmpty() || writes.isEmpty()) {
      var error = answer.first("error");
      return List.of(
          Diagnosis.warning(
              "does not let anything be written under %s, where its datastore will be%s"
                  .formatted(under, error.isEmpty() ? "" : ": " + error),
              "see 'df -h %s' and 'findmnt -T %s' there".formatted(under, under)));
    }
    var each = millis.getAsLong() / Math.max(1, writes.getAsLong());
    return writes.getAsLong() > 0 && each <= MOST_MILLIS
        ? List.of()
        : List.of(
            Diagnosis.warning(
                writes.getAsLong() == 0
                    ? "took more than %d s to write 2300 bytes for good under %s; etcd wants 10 ms"
                        .formatted(millis.getAsLong() / 1000, under)
                    : "takes %d ms to write 2300 bytes for good under %s (the mean of %d); etcd wants 10 ms at most"
                        .formatted(each, under, writes.getAsLong()),
                "put %s on an SSD, or leave the disk to it alone; what waits for it shows 'iostat -x 1'"
                    .formatted(under)));
  }
}
