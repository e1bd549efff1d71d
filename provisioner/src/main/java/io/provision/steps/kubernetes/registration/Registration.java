package io.provision.steps.kubernetes.registration;

import io.provision.model.Host;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.kubernetes.Distribution;
import java.util.List;

/**
 * Whether the cluster has a host as a node, and hears of it now: neither a certificate nor a Node
 * object that is there says that its kubelet works today.
 */
public enum Registration {
  /** There is a Node object of its name, and its kubelet has reported since it was started. */
  PRESENT,
  /** There is a Node object of its name, and its kubelet has not reported since. */
  SILENT,
  /** The API says that there is none. */
  ABSENT,
  /** No server answered it, or it has not joined. */
  UNTOLD;

  private static final int SECONDS = 5;

  /**
   * {@code kubelet_reads KUBECTL KUBECONFIG PATH BYTES}: what the API says to this kubelet. In the
   * place of a program that is not there yet the one of a package asks.
   */
  private static final ShellFunction READS =
      new ShellFunction(
          "kubelet_reads",
          """
          kubectl=$1
          [ -x "$kubectl" ] || kubectl=/usr/bin/kubectl
          KUBECONFIG=$2 timeout %d "$kubectl" --cache-dir=/dev/null/none get --raw "$3" 2>&1 </dev/null |
            head -c "$4" | tr -d '\\000'\
          """
              .formatted(SECONDS));

  /**
   * {@code kubelet_reported LEASE UNIT}: whether the lease was renewed within the time it holds for
   * and since the unit was started. A kubelet renews it every few seconds by its own clock, which
   * is the one of this host (https://kubernetes.io/docs/concepts/architecture/leases/); the
   * condition Ready stays as it was for 40 s after a kubelet is gone. The time of day is known in
   * whole seconds here: an age may be nearly one second more, and what ran before is not taken for
   * what runs. In a container with an uptime of its own the start can lie ahead of it: then the
   * lease alone says it.
   */
  private static final ShellFunction REPORTED =
      new ShellFunction(
          "kubelet_reported",
          """
          at=$(printf '%s\\n' "$1" | sed -n 's/.*"renewTime":"\\([0-9]\\{4\\}-[0-9][0-9]-[0-9][0-9]\\)T\\([0-9][0-9]:[0-9][0-9]:[0-9][0-9]\\)[.Z].*/\\1 \\2/p' | head -n 1)
          holds=$(printf '%s\\n' "$1" | sed -n 's/.*"leaseDurationSeconds":\\([0-9]\\{1,5\\}\\)[,}].*/\\1/p' | head -n 1)
          [ -n "$at" ] && [ -n "$holds" ] || return 1
          renewed=$(date -u -d "$at" +%s) now=$(date -u +%s)
          started=$(systemctl show -p ExecMainStartTimestampMonotonic -- "$2" | head -c 200 | sed -n 's/^ExecMainStartTimestampMonotonic=\\([0-9]\\{1,18\\}\\)$/\\1/p')
          up=$(head -c 100 /proc/uptime | awk 'NR == 1 && length($1) < 15 && $1 ~ /^[0-9]+\\.[0-9]+$/ { printf "%.0f", $1 * 100 }')
          case $renewed/$now in /* | */ | *[!0-9/]*) return 1 ;; esac
          age=$((now - renewed)) runs=$((${up:-0} - ${started:-0} / 10000))
          [ "$age" -ge -1 ] && [ "$age" -le "$holds" ] && { [ "$runs" -lt 0 ] || [ $((age * 100 + 100)) -le "$runs" ]; }\
          """);

  /**
   * {@code node_registration KUBECTL KUBECONFIG NODE UNIT}: asks as the node's own kubelet, which
   * may read its own Node object and its own lease
   * (https://kubernetes.io/docs/reference/access-authn-authz/node/).
   */
  public static final ShellFunction LOOK =
      new ShellFunction(
          "node_registration",
          """
          { [ -x "$1" ] || [ -x /usr/bin/kubectl ]; } && [ -s "$2" ] || return 0
          said=$(kubelet_reads "$1" "$2" "/api/v1/nodes/$3" 200)
          case $said in
            '{"kind":"Node",'*) ;;
            *'(NotFound): nodes "'"$3"'" not found'*) echo absent && return 0 ;;
            *) return 0 ;;
          esac
          lease=$(kubelet_reads "$1" "$2" "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/$3" 20000)
          if kubelet_reported "$lease" "$4"; then echo present; else echo silent; fi
          return 0\
          """,
          List.of(READS, REPORTED));

  private static final Kind<Registration> KIND = Kind.single(LOOK, Registration::read);

  /** Of this host, asked on it. */
  public static Question<Registration> of(Host host, Distribution distribution) {
    return Question.of(KIND, arguments(host, distribution));
  }

  /** What a function takes first that calls {@link #LOOK}. */
  public static String[] arguments(Host host, Distribution distribution) {
    return new String[] {
      distribution.kubectl().program(),
      distribution.kubeletKubeconfig(),
      host.name().value(),
      distribution.unit(host)
    };
  }

  /** What is waited for on a host that is not {@link #PRESENT}. */
  public String awaited(Host host) {
    return switch (this) {
      case PRESENT, SILENT -> "its kubelet to report to the cluster";
      case ABSENT -> "it to register as node %s".formatted(host);
      case UNTOLD -> "an API server to answer its kubelet";
    };
  }

  private static Registration read(Frame frame) {
    return switch (frame.output().strip()) {
      case "present" -> PRESENT;
      case "silent" -> SILENT;
      case "absent" -> ABSENT;
      default -> UNTOLD;
    };
  }
}
