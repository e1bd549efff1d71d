package io.provision.render;

import io.provision.model.Content;
import io.provision.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * Data as YAML that a person likes to read and compare: block style, in the order given. Where a
 * secret is in it, the whole is Sensitive, and the secret is asked for only when it is written.
 */
public final class YamlContent {
  private YamlContent() {}

  /**
   * @param header comment lines that come first, each with its line end; may be empty
   * @param values strings, numbers, booleans, secrets, and lists and maps of them
   */
  public static Content of(String header, Map<String, ?> values) {
    return holdsSecret(values)
        ? new Content.Sensitive(
            Secret.from(
                "(a file that holds one)",
                () -> (header + dump(revealed(values))).getBytes(StandardCharsets.UTF_8)))
        : Content.of(header + dump(values));
  }

  /** Plain data as YAML, without any secret in it. */
  public static String text(Map<String, ?> values) {
    return values.isEmpty() ? "" : dump(values);
  }

  private static String dump(Object values) {
    var options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setIndicatorIndent(2);
    options.setIndentWithIndicator(true);
    options.setSplitLines(false);
    options.setDereferenceAliases(true);
    return new Yaml(options).dump(values);
  }

  /** Whether a secret is anywhere in it. */
  public static boolean holdsSecret(Object value) {
    return switch (value) {
      case Secret _ -> true;
      case Map<?, ?> map -> map.values().stream().anyMatch(YamlContent::holdsSecret);
      case Collection<?> list -> list.stream().anyMatch(YamlContent::holdsSecret);
      default -> false;
    };
  }

  /** Data with its secrets in it: for what is written this moment. */
  static Map<String, Object> revealed(Map<?, ?> map) {
    var plain = new LinkedHashMap<String, Object>();
    map.forEach((key, each) -> plain.put(String.valueOf(key), revealed(each)));
    return plain;
  }

  private static Object revealed(Object value) {
    return switch (value) {
      case Secret secret -> new String(secret.reveal(), StandardCharsets.UTF_8);
      case Map<?, ?> map -> revealed(map);
      case Collection<?> list -> list.stream().map(YamlContent::revealed).toList();
      default -> value;
    };
  }
}
