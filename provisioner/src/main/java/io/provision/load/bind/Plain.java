package io.provision.load.bind;

import io.provision.load.yaml.Problems;
import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import io.provision.section.Node.Scalar;
import io.provision.section.Node.Sequence;
import io.provision.section.SecretWords;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Free data, such as settings of a program: String, Long, BigDecimal (which keeps 1.30), Boolean,
 * List, Map and Secret, in the order of the file. An empty value is an empty map, for that is what
 * {@code "*":} means in a registries.yaml.
 */
final class Plain {
  private final SecretReference secrets;
  private final Problems problems;

  Plain(SecretReference secrets, Problems problems) {
    this.secrets = secrets;
    this.problems = problems;
  }

  Optional<Object> value(Node node) {
    return switch (node) {
      case Mapping mapping -> Optional.of(map(mapping));
      case Sequence(var items, var _) -> Optional.of(list(items));
      case Scalar scalar -> scalar(scalar);
    };
  }

  private List<Object> list(List<Node> items) {
    var values = new ArrayList<Object>();
    items.forEach(item -> value(item).ifPresent(values::add));
    return List.copyOf(values);
  }

  private Map<String, Object> map(Mapping mapping) {
    var values = new LinkedHashMap<String, Object>();
    mapping
        .entries()
        .forEach((key, entry) -> {
          var secret =
              entry.value() instanceof Scalar(var text, var _, var _)
                  && !text.isEmpty()
                  && SecretWords.isKey(key);
          Optional<?> value =
              secret ? secrets.read((Scalar) entry.value(), problems) : value(entry.value());
          value.ifPresent(present -> values.put(key, present));
        });
    return Collections.unmodifiableMap(values);
  }

  private Optional<Object> scalar(Scalar scalar) {
    var text = scalar.text();
    if (SecretWords.isReference(text)) {
      return secrets.read(scalar, problems).map(Object.class::cast);
    }
    var meant = scalar.word();
    return meant.isPresent() ? meant : Scalars.text(scalar, problems).map(Object.class::cast);
  }
}
