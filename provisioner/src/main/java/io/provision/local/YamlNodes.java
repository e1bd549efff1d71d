package io.provision.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Small questions to YAML nodes. */
final class YamlNodes {
  private YamlNodes() {}

  static MappingNode mapping() {
    return new MappingNode(Tag.MAP, new ArrayList<>(), DumperOptions.FlowStyle.BLOCK);
  }

  /** A string; quoted where a plain scalar would mean something else. */
  static ScalarNode scalar(String text) {
    return new ScalarNode(Tag.STR, text, null, null, DumperOptions.ScalarStyle.PLAIN);
  }

  static Optional<Node> get(MappingNode mapping, String key) {
    return mapping.getValue().stream()
        .filter(tuple -> text(tuple.getKeyNode()).filter(key::equals).isPresent())
        .map(NodeTuple::getValueNode)
        .findFirst();
  }

  static void put(MappingNode mapping, String key, Node value) {
    var tuples = mapping.getValue();
    for (var i = 0; i < tuples.size(); i++) {
      if (text(tuples.get(i).getKeyNode()).filter(key::equals).isPresent()) {
        tuples.set(i, new NodeTuple(tuples.get(i).getKeyNode(), value));
        return;
      }
    }
    tuples.add(new NodeTuple(scalar(key), value));
  }

  static Optional<String> string(MappingNode mapping, String key) {
    return get(mapping, key).flatMap(YamlNodes::text);
  }

  static Optional<String> text(Node node) {
    return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
  }

  static Optional<MappingNode> asMapping(Node node) {
    return node instanceof MappingNode mapping ? Optional.of(mapping) : Optional.empty();
  }

  static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  static boolean deeperThan(Node node, int levels) {
    if (levels == 0) {
      return true;
    }
    return switch (node) {
      case MappingNode mapping ->
          mapping.getValue().stream()
              .anyMatch(tuple ->
                  deeperThan(tuple.getKeyNode(), levels - 1)
                      || deeperThan(tuple.getValueNode(), levels - 1));
      case SequenceNode list ->
          list.getValue().stream().anyMatch(item -> deeperThan(item, levels - 1));
      default -> false;
    };
  }

  /** Whether two trees mean the same: tags, values and order; not styles or comments. */
  static boolean same(Node one, @org.jspecify.annotations.Nullable Node other) {
    if (other == null || !one.getTag().equals(other.getTag())) {
      return false;
    }
    return switch (one) {
      case ScalarNode scalar ->
          other instanceof ScalarNode that && scalar.getValue().equals(that.getValue());
      case SequenceNode list ->
          other instanceof SequenceNode that && sameAll(list.getValue(), that.getValue());
      case MappingNode mapping ->
          other instanceof MappingNode that && sameAll(flat(mapping), flat(that));
      default -> false;
    };
  }

  private static boolean sameAll(List<Node> ones, List<Node> others) {
    if (ones.size() != others.size()) {
      return false;
    }
    for (var i = 0; i < ones.size(); i++) {
      if (!same(ones.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<Node> flat(MappingNode mapping) {
    var nodes = new ArrayList<Node>();
    for (var tuple : mapping.getValue()) {
      nodes.add(tuple.getKeyNode());
      nodes.add(tuple.getValueNode());
    }
    return nodes;
  }
}
