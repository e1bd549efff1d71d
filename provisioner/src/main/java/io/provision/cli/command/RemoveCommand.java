package io.provision.cli.command;

import io.provision.cli.option.AgreeOption;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.RunOptions;
import io.provision.cli.option.Suggestion;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.model.Host;
import io.provision.model.Inventory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
    name = "remove",
    description = {
      "Takes hosts out of the cluster that are still in the inventory, and the cluster off them:"
          + " drained, out of etcd, out of the cluster, and then what was installed for it deleted.",
      "All else is applied as if these hosts were not in the inventory. It asks for their names."
    },
    footer = {
      "",
      "Examples:",
      "  provision remove home.yml w3",
      "  provision remove home.yml w3 pv/data-1    and with it what is on w3 alone",
      "",
      "The same in two steps: 'leaving: true' at w3 in the inventory, then",
      "'provision plan home.yml --remove w3' and 'provision apply home.yml --remove w3'."
    })
public final class RemoveCommand implements Command {
  @Mixin private RunOptions run = new RunOptions();

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "HOST",
      description =
          "hosts of the inventory; and what would be lost with them, as the plan names it")
  private List<String> words = new ArrayList<>();

  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private AgreeOption agree = new AgreeOption();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    AgreeOption.requireSomebodyToAsk("HOST", agree.agreed(), "", context.conversation().operator());
    var read = run.read(context, Set.copyOf(words));
    requireHosts(read.inventory());
    var choice = run.choice().removing(words);
    var request = run.request(choice, read.inventory(), read.playbook(), context);
    var report = agree.apply(request, context);
    if (ExitCode.of(report) == ExitCode.DONE) {
      context
          .display()
          .say(
              "%s is still named in %s: the next apply would bring it back, unless its lines go or say 'leaving: true'."
                  .formatted(joined(read.inventory()), run.inventory().input()));
    }
    return Ending.of(report);
  }

  private String joined(Inventory inventory) {
    return inventory.leaving().stream()
        .map(Host::toString)
        .filter(words::contains)
        .collect(Collectors.joining(", "));
  }

  /** Words with a kind, such as {@code pv/data-1}, name something else. */
  private void requireHosts(Inventory inventory) throws Refused {
    var names = new TreeSet<String>();
    inventory.known().forEach(host -> names.add(host.name().value()));
    var problems =
        words.stream()
            .filter(word -> !names.contains(word) && !word.contains("/"))
            .map(word ->
                Problem.error(
                    "HOST",
                    "there is no host '%s' in the inventory%s. What is no longer in it goes by 'apply --remove'"
                        .formatted(word, Suggestion.of(word, names))))
            .toList();
    if (!problems.isEmpty()) {
      throw new Refused(problems);
    }
  }
}
