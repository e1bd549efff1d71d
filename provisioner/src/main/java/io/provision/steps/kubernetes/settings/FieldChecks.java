package io.provision.steps.kubernetes.settings;

import io.provision.model.Position;
import io.provision.section.DidYouMean;
import io.provision.section.Findings;
import io.provision.section.KnownFields;
import io.provision.section.KnownFields.Field;
import io.provision.section.KnownFields.Kind;
import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import io.provision.section.Node.Scalar;
import io.provision.section.Node.Sequence;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Compares settings of a program with the fields that it has in one version. The programs
 * themselves are no help: a kubelet ignores a field of a drop-in that it does not know, in silence,
 * and stops at one of another type.
 *
 * @param program as a person calls it
 * @param minor of Kubernetes, as far as the data go
 * @param areFieldsKnown false where this version is newer than the data: what they do not have may
 *     be new, and is a warning
 */
record FieldChecks(
    String program, KnownFields known, int minor, boolean areFieldsKnown, Findings findings) {
  /** As Go's time.ParseDuration takes them. */
  private static final Pattern DURATION =
      Pattern.compile("[-+]?(0|(\\d+(\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h))+");

  void run(Mapping settings) {
    fields(settings, "", true);
  }

  private void fields(Mapping mapping, String path, boolean isObject) {
    for (var entry : mapping.entries().values()) {
      var key = entry.key().text();
      var own = path.isEmpty() ? key : path + "." + key;
      var field = known.find(own, minor);
      if (field.isEmpty() && !isObject) {
        field = known.find(path + ".*", minor);
      }
      field.ifPresentOrElse(
          it -> value(entry.value(), it, own), () -> unknown(entry.key().position(), path, key));
    }
  }

  private void value(Node node, Field field, String shown) {
    switch (field.kind()) {
      case OBJECT, MAP -> {
        if (node instanceof Mapping mapping) {
          fields(mapping, field.path(), field.kind() == Kind.OBJECT);
        } else {
          wrong(node, shown, "a mapping");
        }
      }
      case LIST -> {
        if (node instanceof Sequence(var items, var _)) {
          var each = known.find(field.path() + ".*", minor);
          items.forEach(item -> each.ifPresent(it -> value(item, it, shown)));
        } else {
          wrong(node, shown, "a list");
        }
      }
      case BOOL -> word(node, shown, "true or false", Boolean.class);
      case INT -> word(node, shown, "a whole number", Long.class);
      case NUMBER -> word(node, shown, "a number", Long.class, BigDecimal.class);
      case STRING -> text(node, shown);
      case DURATION -> duration(node, shown);
      case QUANTITY -> {
        if (!(node instanceof Scalar) || node.isNull()) {
          wrong(node, shown, "a quantity such as 200Mi");
        }
      }
      case ANY, NODE, SERVER, AGENT -> {}
    }
  }

  private void word(Node node, String shown, String expected, Class<?>... types) {
    var meant = node instanceof Scalar scalar ? scalar.word() : Optional.empty();
    for (var type : types) {
      if (meant.filter(type::isInstance).isPresent()) {
        return;
      }
    }
    wrong(node, shown, expected);
  }

  private void text(Node node, String shown) {
    if (!(node instanceof Scalar scalar)) {
      wrong(node, shown, "a text");
    } else if (scalar.word().isPresent()) {
      findings.add(
          node.position(),
          "'%s' of %s is a text. put it in quotes: \"%s\"."
              .formatted(shown, program, scalar.text()));
    }
  }

  private void duration(Node node, String shown) {
    var isDuration =
        node instanceof Scalar scalar
            && (DURATION.matcher(scalar.text()).matches()
                && scalar.word().filter(Long.class::isInstance).isEmpty());
    if (!isDuration) {
      wrong(node, shown, "a duration such as 30s or 1m30s");
    }
  }

  private void wrong(Node node, String shown, String expected) {
    findings.add(node.position(), "'%s' of %s is %s.".formatted(shown, program, expected));
  }

  private void unknown(Position at, String path, String key) {
    var shown = path.isEmpty() ? key : path + "." + key;
    var elsewhere = known.inAnyVersion(shown);
    if (elsewhere.isPresent()) {
      findings.add(
          at,
          "%s has '%s' %s, and this is v1.%d. take it out."
              .formatted(program, shown, versions(elsewhere.get()), minor));
      return;
    }
    var names = known.below(path, minor);
    var said =
        "%s of v1.%d has no field '%s'.%s"
            .formatted(program, minor, shown, DidYouMean.sentence(key, names));
    if (areFieldsKnown) {
      findings.add(at, said);
    } else {
      findings.warn(at, said + " it may be new since then.");
    }
  }

  private static String versions(Field field) {
    return field.from() > 0 ? "from v1.%d on".formatted(field.from()) : "up to v1." + field.to();
  }
}
