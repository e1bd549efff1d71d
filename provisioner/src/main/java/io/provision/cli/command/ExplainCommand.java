package io.provision.cli.command;

import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.Suggestion;
import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.console.Display;
import io.provision.load.inventory.InventoryKeys;
import io.provision.steps.Catalog;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
    name = "explain",
    description =
        "Says what a step does, its parameters, and how a playbook writes it; or what a key of the"
            + " inventory means.",
    footer = {
      "",
      "Examples:",
      "  provision explain kernel-modules",
      "  provision explain cluster.network.cni"
    })
public final class ExplainCommand implements Command {
  private static final InventoryKeys KEYS = new InventoryKeys(Catalog.areas());

  @Mixin private OutputOptions output = new OutputOptions();

  /** All that can be explained, for the shell's completion. */
  private static final class Explained implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.concat(
              CatalogHelp.all().stream().map(StepHelp::name),
              KEYS.all().stream().map(InventoryKeys.Help::path))
          .iterator();
    }
  }

  @Parameters(
      paramLabel = "STEP|KEY",
      arity = "1",
      completionCandidates = Explained.class,
      description = "a step, see 'provision steps', or a key such as hosts.NAME.roles")
  private String name = "";

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    var steps = CatalogHelp.all();
    for (var step : steps) {
      if (step.name().equals(name)) {
        show(step, context.display());
        return Ending.DONE;
      }
    }
    var key = KEYS.find(name);
    if (key.isPresent()) {
      show(key.get(), context.display());
      return Ending.DONE;
    }
    var known = new ArrayList<>(steps.stream().map(StepHelp::name).toList());
    KEYS.all().forEach(each -> known.add(each.path()));
    throw new Refused(
        "explain",
        "there is no step and no key of the inventory '%s'%s; 'provision steps' lists the steps"
            .formatted(name, Suggestion.of(name, known)));
  }

  private static void show(StepHelp step, Display display) {
    display.say("%s (on the %s)".formatted(step.name(), step.target()));
    said("  ", step.summary(), display);
    for (var each : step.parameters()) {
      display.say("");
      said("  ", each.name() + ": " + kind(each.type(), each.required(), each.usual()), display);
      said("    ", each.meaning(), display);
      said("    ", "for example " + each.name() + ": " + each.example(), display);
    }
    display.say("");
    display.say("In a playbook:");
    said("  ", step.example(), display);
  }

  private static void show(InventoryKeys.Help key, Display display) {
    said("", key.path() + ": " + kind(key.type(), key.required(), key.usual()), display);
    said("  ", key.meaning(), display);
    if (!key.below().isEmpty()) {
      said("  ", "has " + String.join(", ", key.below()), display);
    }
    display.say("");
    display.say("In an inventory:");
    key.example().lines().forEach(line -> display.say("  " + line));
  }

  private static String kind(String type, boolean required, String usual) {
    return type + (required ? ", required" : usual.isEmpty() ? "" : "; default: " + usual);
  }

  private static void said(String indent, String text, Display display) {
    display.say(indent + text);
  }
}
