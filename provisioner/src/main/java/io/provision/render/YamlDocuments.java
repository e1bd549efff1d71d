package io.provision.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** A text of several YAML documents as plain data: maps, lists, strings, numbers, booleans. */
public final class YamlDocuments {
  /** Definitions of kinds come by the megabyte; the library's own limit is 3 Mi characters. */
  private static final int MOST_CHARACTERS = 8 << 20;

  private YamlDocuments() {}

  /**
   * The documents, without empty ones. Tags that would make other things than data are refused.
   *
   * @throws RenderException naming the line
   */
  public static List<Map<?, ?>> of(String name, String text) {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(100);
    options.setCodePointLimit(MOST_CHARACTERS);
    var documents = new ArrayList<Map<?, ?>>();
    try {
      for (var document : new Yaml(new SafeConstructor(options)).loadAll(text)) {
        if (document instanceof Map<?, ?> map) {
          documents.add(map);
        } else if (document != null) {
          throw new RenderException("%s: a document is not a mapping".formatted(name), null);
        }
      }
    } catch (MarkedYAMLException e) {
      var mark = e.getProblemMark();
      var line = mark == null ? "" : ":" + (mark.getLine() + 1);
      throw new RenderException(
          "%s%s: it is not valid YAML (%s)".formatted(name, line, e.getProblem()), e);
    } catch (YAMLException e) {
      throw new RenderException("%s: it is not valid YAML (%s)".formatted(name, e.getMessage()), e);
    }
    return documents;
  }
}
