package io.provision.cli.command;

import io.provision.cli.option.Choice;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.RunOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.desk.DeskException;
import io.provision.desk.SnapshotCopies;
import io.provision.engine.playbook.Playbook;
import io.provision.files.AtomicFile;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.ssh.HostKeys;
import io.provision.step.Datastore;
import io.provision.steps.Catalog;
import io.provision.steps.kubernetes.etcd.SnapshotScripts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
    name = "etcd",
    description = {
      "Takes a snapshot of the cluster's etcd from the first control plane that answers, looks"
          + " whether it is whole, keeps it there and copies it to this machine, with all that it is"
          + " useless without: the keys of the cluster's authorities, tokens, and the key by which"
          + " Secrets are encrypted.",
      "Who has that file is the cluster's administrator. It is for you alone (0600), and so is a"
          + " folder that is made for it."
    },
    footer = {"", "Example:", "  provision etcd snapshot home.yml --to ~/backups --keep 14"})
public final class EtcdCommand implements Command {
  private static final String FOLDER = "etcd-snapshots";
  private static final int MOST_KEPT = 1000;

  /** What can be done, for the shell's completion. */
  private static final class Actions extends ArrayList<String> {
    Actions() {
      super(List.of("snapshot"));
    }
  }

  @Parameters(
      index = "0",
      paramLabel = "snapshot",
      completionCandidates = Actions.class,
      description = "what to do: snapshot")
  private String action = "";

  @Mixin private RunOptions run = new RunOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "where it is copied to; " + FOLDER + " beside the inventory")
  private @Nullable Path to;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "how many of this cluster stay here, and on its host; 5 unless said otherwise")
  private int keep = SnapshotScripts.KEPT;

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    if (!action.equals("snapshot")) {
      throw new Refused(
          "etcd",
          "there is no 'etcd %s'. Write 'provision etcd snapshot INVENTORY'".formatted(action));
    }
    if (keep < 1 || keep > MOST_KEPT) {
      throw new Refused("--keep", "a number, 1 to %d".formatted(MOST_KEPT));
    }
    var read = run.read(context);
    var datastore = datastore(read.inventory());
    // of a run it has the passwords that are typed, and its name for who finds the lock
    var all = new Choice(List.of(), List.of(), List.of(), List.of());
    var request = run.request(all, read.inventory(), new Playbook(List.of()), context);
    var cluster = read.inventory().cluster().map(Cluster::name).orElseThrow();
    try (var transport = context.program().transport(new HostKeys())) {
      var snapshot =
          new EtcdSnapshot(
              transport,
              datastore,
              request.options().owner(),
              keep,
              context.display()::say,
              context.display()::remark);
      return new Ending(
          snapshot.of(servers(request.inventory()), () -> folder(cluster, context)),
          Optional.empty());
    }
  }

  private Datastore datastore(Inventory inventory) throws Refused {
    var datastore = Catalog.datastore(inventory);
    if (datastore.isEmpty()) {
      throw new Refused(
          inventory.file().toString(), "the inventory has no Kubernetes, which has an etcd");
    }
    return datastore.get();
  }

  private List<Host> servers(Inventory inventory) throws Refused {
    var servers =
        run.inventory().hosts(inventory).stream()
            .filter(host -> host.is(Role.CONTROL_PLANE))
            .toList();
    if (servers.isEmpty()) {
      throw new Refused("--limit", "it leaves no host with role control-plane");
    }
    return servers;
  }

  private SnapshotCopies folder(String cluster, Context context) throws Refused {
    var folder = to == null ? AtomicFile.parent(run.inventory().input()).resolve(FOLDER) : to;
    try {
      var open = context.program().snapshots(folder.toAbsolutePath().normalize(), cluster);
      if (open.isEmpty()) {
        throw new Refused(
            List.of(
                Problem.error(
                    folder.toString(),
                    "another run copies a snapshot of '%s' to it: wait for its end"
                        .formatted(cluster))),
            ExitCode.LOCKED);
      }
      return open.get();
    } catch (DeskException e) {
      throw new Refused("--to", e.what() + ". " + e.remedy());
    }
  }
}
