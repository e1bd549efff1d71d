package io.provision.steps.cni;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whom a node reaches over the network of pods, which is made of VXLAN: it asks each other node at
 * the address that this one has within that network, so that the question goes the way of a pod's
 * packets. It asks at a port where nobody listens (discard, RFC 863): that it is refused is the
 * answer, and no program there writes of it in its log, as a kubelet would each time.
 *
 * @param joined whether a kubelet was there to begin with
 * @param measured whether there is such a network
 * @param routes by the address of the other node, the address that it has among pods
 * @param silent those of {@code routes} that gave no answer within three seconds
 */
record PodRoutesLook(
    boolean joined, boolean measured, Map<String, String> routes, Set<String> silent) {
  /** How many are asked: those that come next, so that each is asked by as many. */
  static final int MOST = 100;

  /**
   * {@code look_pod_routes JOINED MOST}: a node's own kernel knows the others: the route to their
   * pods, the link address of that way's end, and the node that this one is on (flannel,
   * pkg/backend/vxlan; calico, felix/dataplane/linux/vxlan_mgr.go). With settings of one's own
   * flannel may have it otherwise.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_pod_routes",
          """
          [ -s "$1" ] || return 0
          echo joined=yes
          for device in flannel.1 vxlan.calico; do
            own=$(ip -o -4 addr show dev "$device" 2>/dev/null | head -n 1 | awk '{ sub(/\\/.*/, "", $4); print $4 }')
            [ -n "$own" ] || continue
            [ "$device" != flannel.1 ] || ! grep -qs flannel-conf /etc/rancher/k3s/config.yaml || continue
            echo measured=yes
            ways=$( (
              bridge fdb show dev "$device" 2>/dev/null | awk '$2 == "dst" { print "end", $1, $3 }'
              ip -4 neigh show dev "$device" 2>/dev/null | awk '$2 == "lladdr" { print "link", $1, $3 }'
              ip -4 route show dev "$device" 2>/dev/null | awk '$2 == "via" { print "way", $3 }' | sort -u
            ) | head -c 1000000 | awk '
              $1 == "end" { node[$2] = $3 }
              $1 == "link" { link[$2] = $3 }
              $1 == "way" && link[$2] in node { print $2, node[link[$2]] }')
            printf '%s\\n' "$ways" | sed -n 's/^[0-9]/route=&/p'
            next=$(printf '%s\\n' "$ways" | awk -v own="$own" -v most="$2" '
              { each = $1 "" }
              each == "" { next }
              each > own "" { after[++n] = each; next }
              { before[++m] = each }
              END {
                for (i = 1; i <= n && i <= most; i++) print after[i]
                for (i = 1; i <= m && i + n <= most; i++) print before[i]
              }')
            set -f
            LC_ALL=C timeout 3 bash -c '
              for each; do
                { said=$( { exec 3<>"/dev/tcp/$each/9"; } 2>&1) || [[ $said == *refused* ]] && echo "reached $each"; } &
              done
              wait' - $next </dev/null 2>/dev/null | awk -v asked="$next" '
              { reached[$2] }
              END { n = split(asked, all, "\\n"); for (i = 1; i <= n; i++) if (!(all[i] in reached)) print "silent=" all[i] }'
            set +f
          done
          return 0\
          """);

  private static final Kind<PodRoutesLook> KIND = Kind.volatileSingle(LOOK, PodRoutesLook::read);

  PodRoutesLook {
    routes = Map.copyOf(routes);
    silent = Set.copyOf(silent);
  }

  /**
   * @param joined a file that is there as soon as a kubelet has joined
   */
  static Question<PodRoutesLook> question(String joined) {
    return Question.of(KIND, joined, String.valueOf(MOST));
  }

  private static PodRoutesLook read(Frame frame) {
    var lines = List.of(frame.output().split("\n"));
    var routes = new HashMap<String, String>();
    var silent = new HashSet<String>();
    for (var line : lines) {
      var words = line.split("[= ]");
      if (words[0].equals("route") && words.length == 3) {
        routes.put(words[2], words[1]);
      } else if (words[0].equals("silent") && words.length == 2) {
        silent.add(words[1]);
      }
    }
    return new PodRoutesLook(
        lines.contains("joined=yes"), lines.contains("measured=yes"), routes, silent);
  }

  /** Whether pods of the node with this address are reached from here, as far as was asked. */
  boolean reaches(String node) {
    var route = routes.get(node);
    return route != null && !silent.contains(route);
  }
}
