package io.provision.steps.k3s.adoption;

import io.provision.remote.Frame;
import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A k3s by a unit that was not written here, and what it runs with: its node says it. Neither a
 * unit's file nor {@code config.yaml} does, which may have been changed since it was started.
 *
 * @param unit of k3s, {@code k3s.service} or {@code k3s-agent.service}; empty where there is none
 * @param file of the unit
 * @param runs whether it is up
 * @param node by which name the cluster has it; empty where its API did not say
 * @param options what it was given, secrets as asterisks; none where its API did not say
 * @param variables names of what else its unit puts into its environment, and the unit that is
 *     written here would not
 * @param lines of the unit's file that its installer does not write
 * @param addresses of the node, as the cluster has them
 * @param flannel address of the interface that flannel took; empty where flannel does not run
 * @param newer of the files asked for, those that were written after it was started
 */
public record ForeignK3s(
    String unit,
    String file,
    boolean runs,
    String node,
    Map<String, List<String>> options,
    List<String> variables,
    List<String> lines,
    List<String> addresses,
    String flannel,
    Set<String> newer) {
  private static final String AGENT = "k3s-agent.service";

  /**
   * {@code foreign_k3s_variables UNIT FILE}: not those of k3s, which its node tells, nor those of
   * files that the unit written here reads as well.
   */
  private static final ShellFunction VARIABLES =
      new ShellFunction(
          "foreign_k3s_variables",
          """
          {
            sed -n 's/^Environment=//p' "$2" | tr -d "\\"'" | tr ' ' '\\n'
            sed -n 's/^EnvironmentFile=-\\{0,1\\}\\(\\/[^%]*\\)$/\\1/p' "$2" | while IFS= read -r from; do
              cat -- "$from" 2>/dev/null
            done
          } | head -c 100000 | sed -n 's/^ *\\([A-Za-z_][A-Za-z0-9_]*\\)=.*/\\1/p' | grep -v '^K3S_' | sort -u |
            while IFS= read -r name; do
              grep -qs "^ *$name=" "/etc/default/${1%.service}" "/etc/sysconfig/${1%.service}" ||
                echo "variable=$name"
            done\
          """);

  /**
   * {@code foreign_k3s_lines UNIT_FILE}: those that its installer does not write (install.sh of
   * k3s, create_systemd_service_file, and its older forms), and not what it is started with. Of
   * what may hold a secret, as SetCredential does, it is the name alone.
   */
  private static final ShellFunction LINES =
      new ShellFunction(
          "foreign_k3s_lines",
          """
          head -c 100000 -- "$1" | awk '
            more { more = /\\\\$/; next }
            /^ *($|#|;|\\[)/ { next }
            /^ExecStart=/ { more = /\\\\$/; next }
            /^(Description|Documentation|WantedBy|Type|Environment|EnvironmentFile|Delegate|LimitNOFILE|LimitNPROC|LimitCORE|TasksMax|TimeoutStartSec|Restart|RestartSec)=/ { next }
            /^(Wants|After)=network-online.target *$/ { next }
            /^(KillMode=process|User=root) *$/ { next }
            /^ExecStartPre=-?\\/sbin\\/modprobe (br_netfilter|overlay) *$/ { next }
            /^ExecStartPre=.*is-enabled --quiet nm-cloud-setup.service/ { next }
            /^(After|Before|Wants|Requires|BindsTo|PartOf|Slice|Nice|KillMode|User|Group|(Limit|CPU|Memory|IO|OOM|Tasks|Timeout)[A-Za-z]*)=/ { print "line=" $0; next }
            { sub(/=.*/, "=..."); print "line=" $0 }'\
          """);

  /** {@code foreign_k3s_node}: as its own kubelet, which may read its own Node object. */
  private static final ShellFunction NODE =
      new ShellFunction(
          "foreign_k3s_node",
          """
          kubectl=/var/lib/rancher/k3s/data/current/bin/kubectl
          kubelet=/var/lib/rancher/k3s/agent/kubelet.kubeconfig
          [ -x "$kubectl" ] && [ -s "$kubelet" ] || return 0
          user=$(KUBECONFIG=$kubelet timeout 10 "$kubectl" --cache-dir=/dev/null/none auth whoami -o 'jsonpath={.status.userInfo.username}' 2>/dev/null </dev/null | head -c 300)
          case $user in system:node:?*) ;; *) return 0 ;; esac
          KUBECONFIG=$kubelet timeout 10 "$kubectl" --cache-dir=/dev/null/none get node "${user#system:node:}" -o 'jsonpath=node={.metadata.name}{"\\n"}args={.metadata.annotations.k3s\\.io/node-args}{"\\n"}env={.metadata.annotations.k3s\\.io/node-env}{"\\n"}flannel={.metadata.annotations.flannel\\.alpha\\.coreos\\.com/public-ip}{"\\n"}{range .status.addresses[?(@.type=="InternalIP")]}address={.address}{"\\n"}{end}' 2>/dev/null </dev/null | head -c 100000
          return 0\
          """);

  /** {@code look_foreign_k3s FILE...}: whether these were written after it was started. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_foreign_k3s",
          """
          for unit in k3s.service k3s-agent.service; do
            shown=$(systemctl show -p FragmentPath,ActiveState -- "$unit" 2>/dev/null)
            file=$(printf '%s\\n' "$shown" | sed -n 's/^FragmentPath=//p')
            [ -n "$file" ] && [ -f "$file" ] || continue
            ! head -n 1 -- "$file" | grep -q '^# Written by provision' || continue
            printf 'unit=%s\\nfile=%s\\n' "$unit" "$file"
            foreign_k3s_variables "$unit" "$file"
            foreign_k3s_lines "$file"
            case $shown in *ActiveState=active*) ;; *) continue ;; esac
            echo state=active
            for read do
              [ -e "$read" ] && find "$read" -prune -newer "/run/systemd/units/invocation:$unit" 2>/dev/null | sed 's/^/newer=/'
            done
            foreign_k3s_node
          done
          return 0\
          """,
          List.of(VARIABLES, LINES, NODE));

  private static final Kind<ForeignK3s> KIND = Kind.single(LOOK, ForeignK3s::read);

  public ForeignK3s {
    options = java.util.Collections.unmodifiableMap(new TreeMap<>(options));
    variables = List.copyOf(variables);
    lines = List.copyOf(lines);
    addresses = List.copyOf(addresses);
    newer = Set.copyOf(newer);
  }

  /**
   * @param files that it may read when it starts
   */
  public static Question<ForeignK3s> question(List<String> files) {
    return new Question<>(KIND, files);
  }

  public boolean isThere() {
    return !unit.isEmpty();
  }

  public boolean isAgent() {
    return unit.equals(AGENT);
  }

  /** Whether it is known what it runs with. */
  public boolean isTold() {
    return !node.isEmpty() && !options.isEmpty();
  }

  /** The only value of an option, or the last. */
  public java.util.Optional<String> last(String option) {
    var values = options.getOrDefault(option, List.of());
    return values.isEmpty() ? java.util.Optional.empty() : java.util.Optional.of(values.getLast());
  }

  private static ForeignK3s read(Frame frame) {
    var said = Pairs.stripped(frame);
    return new ForeignK3s(
        said.last("unit"),
        said.last("file"),
        said.has("state"),
        said.last("node"),
        GivenOptions.of(said.last("args"), said.last("env")),
        said.all("variable"),
        said.all("line"),
        said.all("address"),
        said.last("flannel"),
        Set.copyOf(said.all("newer")));
  }
}
