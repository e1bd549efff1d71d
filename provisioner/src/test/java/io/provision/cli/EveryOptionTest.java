package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.cli.command.Command;
import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.cli.run.UnderWay;
import io.provision.engine.Runner;
import io.provision.engine.session.Interrupt;
import io.provision.model.Cluster;
import io.provision.model.Inventory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Every option of every command that takes an inventory, with every inventory that is shipped, as
 * far as a run gets before it connects: the options are picocli's own list of them, so that a new
 * one is noticed.
 */
final class EveryOptionTest {
  private static final Path INVENTORIES = Path.of("../inventories");
  private static final Set<Verb> WITHOUT_A_RUN =
      Set.of(Verb.VALIDATE, Verb.HOSTS, Verb.UNLOCK, Verb.ETCD);
  private static final Set<Verb> OF_A_CLUSTER =
      Set.of(
          Verb.CERTS,
          Verb.ETCD,
          Verb.GLUSTER,
          Verb.KUBECONFIG,
          Verb.RESET,
          Verb.ROTATE,
          Verb.STOP,
          Verb.START);

  /** They begin no run; RotateQuietTest has them. */
  private static final Set<String> OF_METRICS =
      Set.of("--propose-windows", "--query", "--lasting", "--weeks", "--zone");

  /** They try a rotation out by another process; RotateCronJobTest has them. */
  private static final Set<String> OF_PODS =
      Set.of("--install-cronjob", "--image", "--namespace", "--janitor");

  @TempDir private Path directory;

  @Test
  void everyOptionFitsEveryInventoryThatIsShipped() throws Exception {
    var tried = new ArrayList<String>();
    for (var name : List.of("home.yml", "ha.yml", "hosts-only.yml")) {
      for (var verb : Verb.values()) {
        // of the three hosts of home.yml none can go: its volume needs all of them
        var takesIt =
            verb == Verb.REMOVE
                ? !name.equals("home.yml")
                : !OF_A_CLUSTER.contains(verb) || !name.equals("hosts-only.yml");
        if (verb.arguments().contains("INVENTORY") && takesIt) {
          for (var option : verb.line().getCommandSpec().options()) {
            var ofRestores = verb == Verb.ETCD && option.longestName().equals("--force-remove");
            // begins no run of this process; RotateTimerTest has it
            var ofTimers = option.longestName().endsWith("-timer");
            // logs in to hosts without a run; StopStartTest has it
            var ofHosts = option.longestName().equals("--power-off");
            var ofMetrics = OF_METRICS.contains(option.longestName());
            var ofPods = OF_PODS.contains(option.longestName());
            // a host with a 'power', which none of these has; RotateKillTest has it
            var ofDrills =
                verb == Verb.ROTATE
                    && Set.of("--kill", "--for", "--yes", "--command-plan")
                        .contains(option.longestName());
            if (!option.usageHelp()
                && !ofRestores
                && !ofTimers
                && !ofHosts
                && !ofMetrics
                && !ofPods
                && !ofDrills) {
              tried.add(verb.key() + " " + option.longestName());
              tryOut(name, verb, option);
            }
          }
        }
      }
    }
    assertThat(tried).hasSizeGreaterThan(3 * 45).contains("apply --ask-pass", "plan --out");
  }

  @Test
  void whatAnInventoryHasNothingOfIsSaidInItsOwnWords() {
    var inventory = INVENTORIES.resolve("hosts-only.yml").toString();
    var program = new FakeProgram();
    assertThat(Session.type(program, directory, "kubeconfig", inventory).err())
        .contains("has no step 'kubeconfig'")
        .doesNotContain("--only");
    assertThat(Session.type(program, directory, "gluster", "check", inventory).err())
        .contains("no gluster volumes");
    assertThat(Session.type(program, directory, "certs", inventory).err())
        .contains("has no Kubernetes");
    assertThat(Session.type(program, directory, "certs", inventory, "--within", "-1").err())
        .contains("--within");
    assertThat(Session.type(program, directory, "rotate", inventory, "--remove-timer").err())
        .contains("has no 'cluster'");
    assertThat(Session.type(program, directory, "etcd", "snapshot", inventory).err())
        .contains("has no Kubernetes");
    assertThat(Session.type(program, directory, "etcd", "restore", inventory, "a.tar").err())
        .contains("has no Kubernetes");
    for (var verb : List.of("status", "defrag")) {
      assertThat(Session.type(program, directory, "etcd", verb, inventory).err())
          .contains("has no Kubernetes");
    }
    assertThat(program.requests).isEmpty();
  }

  @Test
  void etcdSaysWhichOfItsWordsGoTogether() {
    var inventory = INVENTORIES.resolve("ha.yml").toString();
    var program = new FakeProgram();
    for (var words :
        List.of(
            List.of("restore", inventory),
            List.of("snapshot", inventory, "a.tar"),
            List.of("snapshot", inventory, "--force-remove"),
            List.of("restore", inventory, "a.tar", "--keep", "3"),
            List.of("restore", inventory, "a.tar", "--to", "x"),
            List.of("restore", inventory, "a.tar", "--limit", "all,!cluster,!m1"),
            List.of("restore", inventory, "a.tar"),
            List.of("status", inventory, "a.tar"),
            List.of("status", inventory, "--keep", "3"),
            List.of("defrag", inventory, "--to", "x"),
            List.of("defrag", inventory, "--force-remove"),
            List.of("defrag", inventory),
            List.of("compact", inventory))) {
      var line = new ArrayList<>(List.of("etcd"));
      line.addAll(words);
      var typed = Session.type(program, directory, line.toArray(String[]::new));
      assertThat(typed.exit()).as("%s", words).isEqualTo(2);
      assertThat(typed.err()).as("%s", words).doesNotContain("Exception");
    }
    assertThat(Session.type(program, directory, "etcd", "restore", inventory).err())
        .contains("ARCHIVE");
    assertThat(Session.type(program, directory, "etcd", "restore", inventory, "a.tar").err())
        .contains("it is not there");
    assertThat(program.requests).isEmpty();
  }

  @Test
  void noOptionTakesADurationThatCouldBeNone() {
    for (var verb : Verb.values()) {
      assertThat(verb.line().getCommandSpec().options())
          .as(verb.key())
          .noneMatch(option ->
              List.of(option.typeInfo().getActualGenericTypeArguments())
                      .toString()
                      .contains("Duration")
                  || option.type() == java.time.Duration.class);
    }
  }

  private void tryOut(String name, Verb verb, OptionSpec option) throws Exception {
    var program = new FakeProgram();
    var inventory = program.inputs().read(INVENTORIES.resolve(name), Optional.empty()).inventory();
    var words = new ArrayList<String>();
    if (verb == Verb.GLUSTER) {
      words.add("check");
    }
    if (verb == Verb.ETCD) {
      words.add("snapshot");
    }
    words.add(INVENTORIES.resolve(name).toString());
    if (verb == Verb.REMOVE) {
      words.add(inventory.hosts().getLast().name().value());
    }
    words.add(option.longestName());
    if (option.arity().max() > 0) {
      words.add(value(option, inventory));
    }
    var line = verb.line();
    line.parseArgs(words.toArray(String[]::new));
    Command command = line.getCommand();
    var _ = command.output().settings();
    try {
      var _ =
          command.run(
              new Context(new Silent(), () -> program, new Interrupt(), new UnderWay(), "1.2.3"));
      for (var request : program.requests) {
        Runner.validate(request.playbook(), request.inventory(), request.options());
      }
    } catch (Refused | RuntimeException e) {
      throw new AssertionError(verb.key() + " " + words, e);
    }
    assertThat(program.requests).as(verb.key()).hasSize(WITHOUT_A_RUN.contains(verb) ? 0 : 1);
  }

  private String file(String option, Inventory inventory) {
    return switch (option) {
      case "--playbook" ->
          "../playbooks/%s.yml"
              .formatted(
                  inventory
                      .cluster()
                      .map(Cluster::distribution)
                      .map(Cluster.Distribution::name)
                      .orElse("none"));
      case "--ssh-config" -> INVENTORIES.resolve("home.yml").toString(); // which is only named
      default -> directory.resolve("file").toString();
    };
  }

  /** A good value, by the word that stands for it in the help. */
  private String value(OptionSpec option, Inventory inventory) {
    return switch (option.paramLabel()) {
      case "HOSTS" -> "all";
      case "HOST" -> inventory.hosts().getFirst().name().value();
      case "STEP" -> "hostname";
      case "COMMAND" -> "true";
      case "N" -> "3";
      case "NAME" -> "w9,volume/old";
      case "FILE" -> file(option.longestName(), inventory);
      case "human|json" -> "json";
      case "DAYS" -> "30";
      case "TIME" -> "30d";
      case "DIR" -> directory.resolve("folder").toString();
      default ->
          throw new AssertionError(
              "what does %s %s take?".formatted(option.longestName(), option.paramLabel()));
    };
  }
}
