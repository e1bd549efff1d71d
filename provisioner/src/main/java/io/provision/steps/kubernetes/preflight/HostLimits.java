package io.provision.steps.kubernetes.preflight;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.kubernetes.Requirements;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a host has for a node, before anything is installed. What it does not say is unknown and
 * refuses nobody.
 *
 * @param values the answer's words; {@link #LOOK} names them
 * @param ports who listens where, by protocol and port, for example {@code tcp/6443 -> nginx}
 * @param routes through which device ranges are reached, for example {@code 10.8.0.0/24 -> wg0}
 */
record HostLimits(
    Map<String, String> values, Map<String, String> ports, Map<String, String> routes) {

  /**
   * {@code look_node_limits PLACE KUBELETFILES UNIT...}: sizes in KiB. A file system that makes its
   * inodes as it needs them (btrfs) says that it has none. Ports and inotify instances are looked
   * at only where no node runs or starts: there it is the node itself that has them, and a look at
   * a node that runs should cost nothing. A port that the kernel holds, as flannel's may be after a
   * node was stopped, is nobody's, and that of a pod is the node's: pods run on while a kubelet
   * does not. Only there, too, it is told what modules the kernel neither has nor could load, and
   * which other Kubernetes runs or will after a boot; a kubelet that only its package has enabled,
   * and that belongs to no cluster, is none. Routes are told of a host that is no node, whose own
   * they cannot be.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_node_limits",
          """
          case $(stat -L -f -c %T /sys/fs/cgroup 2>/dev/null) in
            cgroup2fs)
              echo cgroup=2
              read -r controllers </sys/fs/cgroup/cgroup.controllers &&
                case " $controllers " in *' memory '*) echo memcg=yes ;; *) echo memcg=no ;; esac
              ;;
            tmpfs | cgroupfs)
              echo cgroup=1
              sed -n 's/^memory[[:space:]].*\\([01]\\)$/memcg=\\1/p' /proc/cgroups | head -n 1 |
                sed 's/=1/=yes/; s/=0/=no/'
              ;;
          esac
          place=$1
          grep -rqsE '^ *failCgroupV1: *false *$' "$2" && echo cgroup1=allowed
          sed -n 's/^MemTotal: *\\([0-9]*\\) kB$/memory=\\1/p' /proc/meminfo | head -n 1
          shift 2
          until [ -z "$place" ] || [ -d "$place" ]; do
            case $place in */*) place=${place%/*} ;; *) place= ;; esac
          done
          [ -n "$place" ] || place=/
          df -Pk "$place" 2>/dev/null | awk 'NR == 2 && $2 + 0 > 0 { print "disk=" $2; print "free=" $4; print "place=" $6 }'
          stat -L -f -c '%c %d' "$place" 2>/dev/null | awk 'NR == 1 && $1 + 0 > 0 { print "inodes=" $1; print "inodesfree=" $2 }'
          awk -v at="$(df -Pk "$place" 2>/dev/null | awk 'NR == 2 { print $6 }')" \\
            '$2 == at { options = "," $4 "," } END { if (options ~ /,noexec,/) print "noexec=yes" }' /proc/self/mounts 2>/dev/null
          case $(systemctl show -p ActiveState -- "$@" 2>/dev/null) in
            *=active* | *=activating* | *=reloading* | *=deactivating*)
              echo running=yes
              return 0
              ;;
          esac
          for unit in "$@"; do
            [ "$(readlink -f -- "/etc/systemd/system/$unit")" != /dev/null ] || echo "masked/$unit=yes"
          done
          kernel=$(uname -r) missing='' others=''
          for module in overlay br_netfilter vxlan; do
            [ -d "/sys/module/$module" ] ||
              { [ "$module" = br_netfilter ] && [ -d /proc/sys/net/bridge ]; } ||
              grep -qsE "^(nodev)?[[:space:]]+$module\\$" /proc/filesystems ||
              grep -qsE "/$module\\.ko" "/lib/modules/$kernel/modules.builtin" "/lib/modules/$kernel/modules.dep" ||
              missing=$missing${missing:+,}$module
          done
          [ -z "$missing" ] || printf 'kernel=%s\\nmissing=%s\\n' "$kernel" "$missing"
          for unit in k3s.service k3s-agent.service kubelet.service rke2-server.service rke2-agent.service \\
            k0scontroller.service k0sworker.service snap.microk8s.daemon-kubelite.service; do
            case " $* " in *" $unit "*) continue ;; esac
            [ "$unit" != kubelet.service ] || [ -e /etc/kubernetes/kubelet.conf ] || continue
            others="$others $unit"
          done
          systemctl show -p Id,ActiveState,UnitFileState -- $others 2>/dev/null | head -c 10000 | awk '
            BEGIN { RS = ""; FS = "\\n" }
            { id = ""; state = ""
              for (i = 1; i <= NF; i++) {
                if ($i ~ /^Id=/) id = substr($i, 4)
                if ($i == "UnitFileState=enabled" && state == "") state = "boot"
                if ($i ~ /^ActiveState=(active|activating|reloading)$/) state = "runs"
              }
              if (id != "" && state != "") { print "other=" id "/" state; exit } }'
          [ -e /etc/kubernetes/kubelet.conf ] || [ -e /var/lib/rancher/k3s/agent/kubelet.kubeconfig ] ||
            { ip -4 -o route show; ip -6 -o route show; } 2>/dev/null | head -n 2000 | awk '
              $1 ~ /^[0-9a-f.:]+\\/[0-9]+$/ && $1 !~ /^fe80:/ {
                for (i = 2; i < NF; i++) if ($i == "dev") { print "route=" $1 " " $(i + 1); break } }'
          case $(head -c 1 /sys/fs/selinux/enforce 2>/dev/null) in 1) echo selinux=enforcing ;; esac
          sed 's/^/inotify=/' /proc/sys/fs/inotify/max_user_instances 2>/dev/null | head -n 1
          find /proc/[0-9]*/fd -maxdepth 1 -lname anon_inode:inotify 2>/dev/null | wc -l | sed 's/^ */watching=/'
          ss -Hlnptu 2>/dev/null | head -n 2000 | awk '
            { port = $5; sub(/.*:/, "", port); who = pid = $0
              if (!sub(/.*users:\\(\\("/, "", who) || !sub(/".*/, "", who)) next
              sub(/.*users:\\(\\("[^"]*",pid=/, "", pid); sub(/[^0-9].*/, "", pid)
              print pid + 0, "port=" $1 "/" port " " who }' | while read -r pid port; do
            grep -qs kubepods "/proc/$pid/cgroup" || printf '%s\\n' "$port"
          done
          return 0\
          """);

  private static final Kind<HostLimits> KIND = Kind.volatileSingle(LOOK, HostLimits::read);

  /** What a host has of what is asked for. */
  static Question<HostLimits> of(Requirements needed) {
    return Question.of(KIND, arguments(needed));
  }

  /** What {@link #LOOK} takes. */
  static String[] arguments(Requirements needed) {
    var arguments = new ArrayList<>(List.of(needed.place(), needed.kubeletFiles()));
    arguments.addAll(needed.units());
    return arguments.toArray(String[]::new);
  }

  HostLimits {
    values = Map.copyOf(values);
    ports = Map.copyOf(ports);
    routes = Map.copyOf(routes);
  }

  private static HostLimits read(Frame frame) {
    var values = new LinkedHashMap<String, String>();
    var ports = new LinkedHashMap<String, String>();
    var routes = new LinkedHashMap<String, String>();
    for (var line : frame.output().split("\n")) {
      var words = List.of(line.split("[= ]", 3));
      if (words.size() == 3 && words.getFirst().equals("port")) {
        ports.putIfAbsent(words.get(1), words.get(2));
      } else if (words.size() == 3 && words.getFirst().equals("route")) {
        routes.putIfAbsent(words.get(1), words.get(2));
      } else if (words.size() == 2) {
        values.putIfAbsent(words.getFirst(), words.getLast());
      }
    }
    return new HostLimits(values, ports, routes);
  }

  boolean is(String key, String value) {
    return value.equals(values.get(key));
  }

  OptionalLong number(String key) {
    var text = values.getOrDefault(key, "");
    return text.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }
}
