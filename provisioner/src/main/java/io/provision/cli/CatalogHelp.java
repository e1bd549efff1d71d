package io.provision.cli;

import io.provision.load.PlaybookAssembler;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the catalog says of each step, for {@code steps} and {@code explain}. */
final class CatalogHelp {
  private CatalogHelp() {}

  static List<StepHelp> all() {
    var helps = new ArrayList<StepHelp>();
    Catalog.entries().forEach((name, entry) -> helps.add(help(name, entry.type(), entry.doc())));
    return helps.stream().sorted(java.util.Comparator.comparing(StepHelp::name)).toList();
  }

  private static StepHelp help(String name, Class<? extends Record> type, String doc) {
    var at = PlaybookAssembler.targetOf(type);
    var target =
        at == Target.OnDesk.class ? "local" : at == Target.OnCluster.class ? "cluster" : "host";
    var parameters =
        Arrays.stream(type.getRecordComponents())
            .map(component ->
                new StepHelp.Parameter(
                    snake(component.getName()),
                    type(component),
                    component.getType() != Optional.class,
                    ""))
            .toList();
    return new StepHelp(name, target, doc, parameters, example(name, parameters));
  }

  private static String example(String name, List<StepHelp.Parameter> parameters) {
    return switch (parameters.size()) {
      case 0 -> "- " + name;
      case 1 -> "- %s: %s".formatted(name, parameters.getFirst().type());
      default ->
          "- %s: { %s }"
              .formatted(
                  name,
                  String.join(
                      ", ",
                      parameters.stream()
                          .map(each -> "%s: %s".formatted(each.name(), each.type()))
                          .toList()));
    };
  }

  private static String type(RecordComponent component) {
    return component
        .getGenericType()
        .getTypeName()
        .replaceAll("[a-z0-9]+\\.", "")
        .replaceAll("^Optional<(.*)>$", "$1")
        .replaceAll("^(.*)\\$", "")
        .toLowerCase(Locale.ROOT);
  }

  private static String snake(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
