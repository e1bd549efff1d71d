package io.provision.cli.command;

import io.provision.load.inventory.TypeWords;
import io.provision.load.playbook.PlaybookAssembler;
import io.provision.step.Given;
import io.provision.step.Parameter;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the catalog says of each step, for {@code steps} and {@code explain}. */
public final class CatalogHelp {
  private CatalogHelp() {}

  public static List<StepHelp> all() {
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
            .filter(component -> !Given.is(component))
            .map(CatalogHelp::parameter)
            .toList();
    return new StepHelp(name, target, doc, parameters, example(name, parameters));
  }

  private static StepHelp.Parameter parameter(RecordComponent component) {
    var said = component.getAnnotation(Parameter.class);
    if (said == null) {
      throw new IllegalStateException("nothing explains " + component);
    }
    return new StepHelp.Parameter(
        snake(component.getName()),
        TypeWords.of(component.getGenericType()),
        component.getType() != Optional.class && component.getType() != boolean.class,
        said.usual(),
        said.value(),
        said.example());
  }

  /** What must be there, and the first of the rest. */
  private static String example(String name, List<StepHelp.Parameter> parameters) {
    if (parameters.size() == 1 && parameters.getFirst().required()) {
      return "- %s: %s".formatted(name, parameters.getFirst().example());
    }
    var shown = new ArrayList<>(parameters.stream().filter(StepHelp.Parameter::required).toList());
    parameters.stream().filter(it -> !it.required()).findFirst().ifPresent(shown::add);
    return shown.isEmpty()
        ? "- " + name
        : "- %s: { %s }"
            .formatted(
                name,
                shown.stream()
                    .map(each -> "%s: %s".formatted(each.name(), each.example()))
                    .collect(Collectors.joining(", ")));
  }

  private static String snake(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
