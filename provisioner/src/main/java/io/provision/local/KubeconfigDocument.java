package io.provision.local;

import io.provision.desk.DeskException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A kubeconfig as a tree of YAML nodes, not of values: what is not touched is written with the
 * scalars, styles, order and comments it was read with, whatever it may mean to others.
 */
final class KubeconfigDocument {
  private static final int LIMIT = 3 * 1024 * 1024;
  private static final int DEPTH = 40;

  /** The three lists of named entries. */
  enum Section {
    CLUSTERS("clusters", "cluster"),
    USERS("users", "user"),
    CONTEXTS("contexts", "context");

    private final String list;
    private final String body;

    Section(String list, String body) {
      this.list = list;
      this.body = body;
    }
  }

  private final MappingNode root;

  private KubeconfigDocument(MappingNode root) {
    this.root = root;
  }

  static KubeconfigDocument empty() {
    var root = YamlNodes.mapping();
    YamlNodes.put(root, "apiVersion", YamlNodes.scalar("v1"));
    YamlNodes.put(root, "kind", YamlNodes.scalar("Config"));
    return new KubeconfigDocument(root);
  }

  /**
   * Reads one.
   *
   * @param where completes "... is no kubeconfig"
   */
  static KubeconfigDocument parse(String text, String where) throws DeskException {
    Node node;
    try {
      node = new Yaml(loading(true)).compose(new StringReader(text));
    } catch (YAMLException e) {
      throw refused(where, firstLine(e));
    }
    if (node == null || YamlNodes.isNull(node) || isEmpty(node)) {
      return empty();
    }
    if (!(node instanceof MappingNode root)) {
      throw refused(where, "it is not a mapping");
    }
    var document = new KubeconfigDocument(root);
    document.requireShape(where);
    return document;
  }

  private static boolean isEmpty(Node node) {
    return node instanceof MappingNode mapping && mapping.getValue().isEmpty();
  }

  private void requireShape(String where) throws DeskException {
    if (YamlNodes.deeperThan(root, DEPTH)) {
      throw refused(where, "it is nested deeper than %d levels".formatted(DEPTH));
    }
    var keys = new HashSet<String>();
    for (var tuple : root.getValue()) {
      if (!keys.add(YamlNodes.text(tuple.getKeyNode()).orElse(""))) {
        throw refused(
            where, "'%s' is there twice".formatted(YamlNodes.text(tuple.getKeyNode()).orElse("")));
      }
    }
    for (var section : Section.values()) {
      var list = YamlNodes.get(root, section.list);
      if (list.isPresent()
          && !(list.get() instanceof SequenceNode)
          && !YamlNodes.isNull(list.get())) {
        throw refused(where, "'%s' is not a list".formatted(section.list));
      }
    }
  }

  /** What stands under a name: the cluster, user or context itself. */
  Optional<MappingNode> find(Section section, String name) {
    return entry(section, name)
        .flatMap(entry -> YamlNodes.get(entry, section.body))
        .flatMap(YamlNodes::asMapping);
  }

  /** Puts a body under a name: in the place of the one it has, or at the end. */
  void put(Section section, String name, MappingNode body) {
    var entry = YamlNodes.mapping();
    YamlNodes.put(entry, "name", YamlNodes.scalar(name));
    YamlNodes.put(entry, section.body, body);
    var list = list(section);
    var old = entry(section, name);
    if (old.isPresent()) {
      entry.setBlockComments(old.get().getBlockComments());
      list.getValue().set(list.getValue().indexOf(old.get()), entry);
    } else {
      list.getValue().add(entry);
    }
  }

  /** The current context; empty where there is none, or an empty name. */
  Optional<String> currentContext() {
    return YamlNodes.get(root, "current-context")
        .flatMap(YamlNodes::text)
        .filter(name -> !name.isEmpty());
  }

  void useContext(String name) {
    YamlNodes.put(root, "current-context", YamlNodes.scalar(name));
  }

  private Optional<MappingNode> entry(Section section, String name) {
    return YamlNodes.get(root, section.list).stream()
        .filter(SequenceNode.class::isInstance)
        .flatMap(list -> ((SequenceNode) list).getValue().stream())
        .flatMap(entry -> YamlNodes.asMapping(entry).stream())
        .filter(entry -> YamlNodes.string(entry, "name").filter(name::equals).isPresent())
        .findFirst();
  }

  private SequenceNode list(Section section) {
    if (YamlNodes.get(root, section.list).orElse(null) instanceof SequenceNode list
        && !list.getValue().isEmpty()) {
      return list;
    }
    var list = new SequenceNode(Tag.SEQ, new ArrayList<>(), DumperOptions.FlowStyle.BLOCK);
    YamlNodes.put(root, section.list, list);
    return list;
  }

  /** The text that means exactly this; comments go only where they cannot be kept. */
  String render() {
    var commented = dump(true);
    return means(commented) ? commented : dump(false);
  }

  private String dump(boolean comments) {
    var options = new DumperOptions();
    options.setProcessComments(comments);
    options.setSplitLines(false);
    options.setWidth(Integer.MAX_VALUE);
    options.setAllowUnicode(true);
    var text = new StringWriter();
    new Yaml(options).serialize(root, text);
    return text.toString();
  }

  private boolean means(String text) {
    try {
      return YamlNodes.same(root, new Yaml(loading(false)).compose(new StringReader(text)));
    } catch (YAMLException _) {
      return false;
    }
  }

  private static LoaderOptions loading(boolean comments) {
    var options = new LoaderOptions();
    options.setCodePointLimit(LIMIT);
    options.setNestingDepthLimit(DEPTH);
    options.setProcessComments(comments);
    return options;
  }

  private static String firstLine(YAMLException e) {
    return String.valueOf(e.getMessage())
        .lines()
        .limit(3)
        .map(String::strip)
        .reduce("", (all, line) -> all.isEmpty() ? line : all + " " + line);
  }

  private static DeskException refused(String where, String why) {
    return new DeskException(
        "%s is not a kubeconfig: %s".formatted(where, why),
        "It was left as it is. Fix it ('kubectl config view' shows whether it can be read), or"
            + " name another file by 'kubeconfig.merge_into'.",
        null);
  }

  /** The names in a list, in their order. */
  List<String> names(Section section) {
    var names = new ArrayList<String>();
    if (YamlNodes.get(root, section.list).orElse(null) instanceof SequenceNode list) {
      for (var entry : list.getValue()) {
        YamlNodes.asMapping(entry)
            .flatMap(body -> YamlNodes.string(body, "name"))
            .ifPresent(names::add);
      }
    }
    return List.copyOf(names);
  }
}
