package io.provision.steps.kubernetes;

import io.provision.model.Taint;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Node object as the cluster has it.
 *
 * @param address its InternalIP; empty where it has none
 * @param version of its kubelet
 * @param ownLabels keys of labels that we set, as our annotation says
 * @param ownTaints taints that we set, likewise
 * @param claim why it is out of use by us; empty where it is not
 * @param etcd what k3s says of its member of etcd, such as {@code MemberNotLearner}; empty where it
 *     says nothing
 * @param volumes PersistentVolumes that are on this node alone
 */
public record NodeObject(
    String name,
    boolean ready,
    String address,
    String version,
    Map<String, String> labels,
    List<String> taints,
    List<String> ownLabels,
    List<String> ownTaints,
    String claim,
    String etcd,
    List<LocalVolume> volumes) {

  /**
   * A PersistentVolume that is on one node alone: what is in it is nowhere else.
   *
   * @param claim {@code NAMESPACE/NAME} of who has it; empty where nobody does
   */
  public record LocalVolume(String name, String claim) {}

  /**
   * Prints nodes, and then volumes that are on one alone, in lines of a key and a value; values are
   * URL-encoded, so that none ends one.
   */
  static final String TEMPLATE =
      "{{range .items}}{{if eq .kind \"PersistentVolume\"}}{{$v := .}}"
          + "{{with .spec.nodeAffinity}}{{with .required}}{{range .nodeSelectorTerms}}"
          + "{{range .matchExpressions}}{{if eq .key \"kubernetes.io/hostname\"}}"
          + "{{range .values}}volume={{urlquery .}}={{urlquery $v.metadata.name}}="
          + "{{with $v.spec.claimRef}}{{urlquery .namespace}}%2F{{urlquery .name}}{{end}}\n"
          + "{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}"
          + "{{else}}node={{urlquery .metadata.name}}\n"
          + "{{range .status.conditions}}{{if eq .type \"Ready\"}}ready={{.status}}\n{{end}}"
          + "{{if eq .type \"EtcdIsVoter\"}}etcd={{urlquery .reason}}\n{{end}}{{end}}"
          + "{{range .status.addresses}}{{if eq .type \"InternalIP\"}}address={{urlquery .address}}\n"
          + "{{end}}{{end}}"
          + "version={{urlquery .status.nodeInfo.kubeletVersion}}\n"
          + "{{range $k, $v := .metadata.labels}}label={{urlquery $k}}={{urlquery $v}}\n{{end}}"
          + "{{range .spec.taints}}taint={{urlquery .key}}={{with .value}}{{urlquery .}}{{end}}:"
          + "{{.effect}}\n{{end}}"
          + "{{range $k, $v := .metadata.annotations}}"
          + "{{if eq $k \"provision.io/owned-labels\"}}labels={{urlquery $v}}\n{{end}}"
          + "{{if eq $k \"provision.io/owned-taints\"}}taints={{urlquery $v}}\n{{end}}"
          + "{{if eq $k \"provision.io/cordoned\"}}claim={{urlquery $v}}\n{{end}}{{end}}"
          + "{{end}}{{end}}";

  public NodeObject {
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
    ownLabels = List.copyOf(ownLabels);
    ownTaints = List.copyOf(ownTaints);
    volumes = List.copyOf(volumes);
  }

  /** Reads what {@link #TEMPLATE} printed, by name; lines that make no sense are left out. */
  static Map<String, NodeObject> parse(String output) {
    var nodes = new TreeMap<String, NodeObject>();
    var volumes = volumes(output);
    var blocks = ("\n" + output).split("\nnode=");
    for (var block : List.of(blocks).subList(1, blocks.length)) {
      var node = one(block, volumes);
      nodes.put(node.name(), node);
    }
    return Map.copyOf(nodes);
  }

  private static Map<String, List<LocalVolume>> volumes(String output) {
    var volumes = new HashMap<String, List<LocalVolume>>();
    for (var line : output.split("\n")) {
      var words = line.split("=", 4);
      if (words[0].equals("volume") && words.length == 4) {
        volumes
            .computeIfAbsent(decoded(words[1]), _ -> new ArrayList<>())
            .add(new LocalVolume(decoded(words[2]), decoded(words[3])));
      }
    }
    return volumes;
  }

  private static NodeObject one(String block, Map<String, List<LocalVolume>> volumes) {
    var lines = block.split("\n");
    var single = new HashMap<String, String>();
    var labels = new TreeMap<String, String>();
    var taints = new ArrayList<String>();
    for (var line : lines) {
      var words = line.split("=", 3);
      if (words[0].equals("label") && words.length == 3) {
        labels.put(decoded(words[1]), decoded(words[2]));
      } else if (words[0].equals("taint") && words.length == 3) {
        taint(decoded(words[1] + "=" + words[2]), taints);
      } else {
        single.put(words[0], words.length > 1 ? decoded(words[1]) : "");
      }
    }
    return new NodeObject(
        decoded(lines[0]),
        "True".equals(single.get("ready")),
        single.getOrDefault("address", ""),
        single.getOrDefault("version", ""),
        labels,
        taints,
        words(single.getOrDefault("labels", "")),
        words(single.getOrDefault("taints", "")),
        single.getOrDefault("claim", ""),
        single.getOrDefault("etcd", ""),
        volumes.getOrDefault(
            labels.getOrDefault("kubernetes.io/hostname", decoded(lines[0])), List.of()));
  }

  private static void taint(String text, List<String> taints) {
    try {
      taints.add(Taint.parse(text).toString());
    } catch (IllegalArgumentException _) {
      taints.add(text); // one that we would never set
    }
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.split(","));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return text;
    }
  }
}
