package io.provision.load.foreign;

import io.provision.load.foreign.Carried.Left;
import io.provision.load.foreign.Carried.OneCluster;
import io.provision.load.foreign.Carried.Ranges;
import io.provision.load.foreign.Carried.Reach;
import io.provision.section.Node;
import io.provision.section.Node.Scalar;
import io.provision.section.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the variables of k3s-ansible say of a cluster, and of those that were made of it. */
final class K3sAnsibleVariables {
  private static final Pattern FLAG = Pattern.compile("--[a-z][a-z0-9-]*");

  private final List<String> disabled = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<Left> left;

  private K3sAnsibleVariables(List<Left> left) {
    this.left = left;
  }

  /**
   * @param left takes what cannot be carried over, besides what nobody asks for
   */
  static OneCluster of(ForeignSettings all, List<Left> left) {
    return new K3sAnsibleVariables(left).cluster(all);
  }

  private OneCluster cluster(ForeignSettings all) {
    all.node("extra_server_args").ifPresent(this::flags);
    all.node("extra_agent_args").ifPresent(this::flags);
    all.ignore("systemd_dir", "flannel_iface", "user_kubectl", "cluster_context", "airgap_dir");
    all.leave(
        AnsibleReader.SECRET + "; a cluster that is there keeps its token", "token", "k3s_token");
    all.leave(
        "see 'k3s' and 'kubelet' in the cluster section",
        "server_config_yaml",
        "agent_config_yaml");
    all.leave("its pools are announced by layer 2 here", "metal_lb_type", "metal_lb_mode");
    var virtual = all.nodeAddress("apiserver_endpoint"); // which kube-vip carries
    var endpoint = all.name("api_endpoint", "master_ip", "k3s_apiserver_endpoint");
    return new OneCluster(
        "k3s",
        all.version("k3s_version"),
        new Reach(endpoint, virtual, names),
        new Ranges(Optional.empty(), all.cidr("cluster_cidr"), Optional.empty()),
        disabled,
        all.range("metal_lb_ip_range").map(List::of).orElse(List.of()),
        all.zone("system_timezone"));
  }

  /** Of the flags of k3s those that have a place of their own here; the others are named. */
  private void flags(Node written) {
    var others = new ArrayList<String>();
    var words = words(written);
    for (var i = 0; i < words.size(); i++) {
      var flag = words.get(i);
      var value = i + 1 < words.size() ? words.get(i + 1) : "";
      var isTaken =
          switch (flag) {
            case "--disable" -> value.matches("[a-z0-9-]+(,[a-z0-9-]+)*") && disable(value);
            case "--tls-san" -> ForeignSettings.asName(value).map(names::add).orElse(false);
            default -> false;
          };
      if (isTaken) {
        i++;
      } else if (FLAG.matcher(flag).matches()) { // not a value, which may be a secret
        others.add(flag);
      }
    }
    if (!others.isEmpty()) {
      left.add(
          new Left(
              written.position(),
              String.join(" ", others),
              "see 'k3s' in the cluster section, which takes k3s' own options"));
    }
  }

  private boolean disable(String value) {
    return disabled.addAll(List.of(value.split(",")));
  }

  /** A text, or a list of them; what follows a flag by = is a word of its own. */
  private static List<String> words(Node written) {
    var items = written instanceof Sequence(var some, var _) ? some : List.of(written);
    var text =
        items.stream()
            .map(it -> it instanceof Scalar(var one, var _, var _) ? one : "")
            .collect(Collectors.joining(" "));
    return List.of(text.strip().split("[\\s=]+"));
  }
}
