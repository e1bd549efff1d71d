package io.provision.cli.command;

import io.provision.cli.option.AgreeOption;
import io.provision.cli.option.Choice;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.RunOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.desk.DeskException;
import io.provision.desk.HeldSnapshot;
import io.provision.desk.SnapshotCopies;
import io.provision.engine.playbook.Playbook;
import io.provision.files.AtomicFile;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.remote.Transport;
import io.provision.ssh.HostKeys;
import io.provision.step.datastore.Datastore;
import io.provision.step.datastore.Upkeep;
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
      "status: shows what each member of etcd says of itself and of the others, and says by name what"
          + " is wrong: one without a host, without a vote, without an answer, an alarm, too little"
          + " room. Changes nothing. Exit code 7 where anything is wrong.",
      "defrag: has the members give back the room that they do not use: one after another, the"
          + " leader last, each only while all are well. One that is defragmented answers nobody"
          + " meanwhile. Where the alarm NOSPACE says that there is no room, and there is some"
          + " afterwards, it is taken back. Stopped anywhere, the same command goes on.",
      "snapshot: takes a snapshot of the cluster's etcd from the first control plane that answers,"
          + " looks whether it is whole, keeps it there and copies it to this machine, with all that"
          + " it is useless without: the keys of the cluster's authorities, tokens, and the key by"
          + " which Secrets are encrypted.",
      "Who has that file is the cluster's administrator. It is for you alone (0600), and so is a"
          + " folder that is made for it.",
      "drill: tries whether a snapshot is worth anything. It writes a Secret, takes a snapshot as"
          + " above, makes a datastore of the copy on that control plane, in namespaces of its own"
          + " beside the living cluster, has an API server read it, and looks for the Secret. With"
          + " ARCHIVE it tries that one. Then all of it is gone again, but for the snapshot.",
      "restore: begins the cluster again from such a file, where its control planes are lost. What"
          + " they still have of it is deleted; workers stay as they are. Refused where any of them"
          + " answers or cannot be reached. It asks for the cluster's name."
    },
    footer = {
      "",
      "Examples:",
      "  provision etcd status home.yml",
      "  provision etcd defrag home.yml",
      "  provision etcd snapshot home.yml --to ~/backups --keep 14",
      "  provision etcd drill home.yml --to ~/backups",
      "  provision etcd restore home.yml ~/backups/home-etcd-20261128T170000Z.tar"
    })
public final class EtcdCommand implements Command {
  private static final String FOLDER = "etcd-snapshots";
  private static final String STATUS = "status";
  private static final String DEFRAG = "defrag";
  private static final String SNAPSHOT = "snapshot";
  private static final String DRILL = "drill";
  private static final String RESTORE = "restore";
  private static final int MOST_KEPT = 1000;

  /** What can be done, for the shell's completion. */
  private static final class Actions extends ArrayList<String> {
    Actions() {
      super(List.of(STATUS, DEFRAG, SNAPSHOT, DRILL, RESTORE));
    }
  }

  @Parameters(
      index = "0",
      paramLabel = "status|defrag|snapshot|drill|restore",
      completionCandidates = Actions.class,
      description = "what to do: status, defrag, snapshot, drill, restore")
  private String action = "";

  @Mixin private RunOptions run = new RunOptions();

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "ARCHIVE",
      description = "drill, restore: what 'etcd snapshot' copied to this machine")
  private @Nullable Path archive;

  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "snapshot, drill: where it is copied to; " + FOLDER + " beside the inventory")
  private @Nullable Path to;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description =
          "snapshot, drill: how many of this cluster stay here, and on its host; 5 unless said otherwise")
  private @Nullable Integer keep;

  @Mixin private AgreeOption agree = new AgreeOption();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    return switch (action) {
      case STATUS -> status(context);
      case DEFRAG -> defrag(context);
      case SNAPSHOT -> snapshot(context);
      case DRILL -> drill(context);
      case RESTORE -> restore(context);
      default ->
          throw new Refused(
              "etcd",
              "there is no 'etcd %s'. Write 'provision etcd status INVENTORY', with defrag, snapshot or drill in the place of status, or 'provision etcd restore INVENTORY ARCHIVE'"
                  .formatted(action));
    };
  }

  private Ending status(Context context) throws Refused {
    alone(STATUS);
    var read = run.read(context);
    var view = datastore(read.inventory()).health();
    var asked = ViewRun.of(view, "the inventory has no control plane", run, read, context);
    var health = view.health(read.inventory(), asked.seen());
    health.wrong().forEach(context.display()::say);
    health.notes().forEach(context.display()::say);
    return asked.ending(health.wrong().isEmpty());
  }

  private Ending defrag(Context context) throws Refused {
    alone(DEFRAG);
    var read = run.read(context);
    var inventory = read.inventory();
    var how =
        switch (datastore(inventory).upkeep()) {
          case Upkeep.ByUs(var ours) -> ours;
          case Upkeep.ByItself(var instead) ->
              throw new Refused(inventory.file().toString(), instead);
        };
    if (run.inventory().hosts(inventory).size() < inventory.known().size()) {
      throw new Refused("--limit", "no member is defragmented without a look at all of them");
    }
    var all = new Choice(List.of(), List.of(), List.of(), List.of());
    var request = run.request(all, inventory, new Playbook(List.of()), context);
    try (var transport = context.program().transport(new HostKeys())) {
      var defrag =
          new EtcdDefrag(
              transport,
              how,
              request.options().owner(),
              context.display()::say,
              context.display()::remark);
      return new Ending(defrag.of(request.inventory()), Optional.empty());
    }
  }

  /** What is of a snapshot and of a restore only. */
  private void alone(String verb) throws Refused {
    var odd =
        archive != null
            ? "ARCHIVE"
            : to != null
                ? "--to"
                : keep != null ? "--keep" : agree.agreed() ? "--force-remove" : "";
    if (!odd.isEmpty()) {
      throw new Refused(odd, "'etcd %s' has no use for it".formatted(verb));
    }
  }

  private Ending restore(Context context) throws Refused {
    if (archive == null) {
      throw new Refused(
          "ARCHIVE",
          "from what is it restored? Write 'provision etcd restore INVENTORY ARCHIVE', with a file that 'etcd snapshot' copied to this machine");
    }
    if (to != null || keep != null) {
      throw new Refused(to != null ? "--to" : "--keep", "a restore keeps no snapshot");
    }
    var read = run.read(context);
    return new EtcdRestore(run, agree, context).of(archive, read, datastore(read.inventory()));
  }

  private Ending snapshot(Context context) throws Refused {
    if (archive != null) {
      throw new Refused("ARCHIVE", "a snapshot is copied to a folder: --to DIR");
    }
    if (agree.agreed()) {
      throw new Refused("--force-remove", "a snapshot takes nothing away");
    }
    var number = kept();
    return onServers(
        context,
        site -> site.snapshot(number).of(site.servers(), List.of(), site.opening()).code());
  }

  private Ending drill(Context context) throws Refused {
    if (agree.agreed()) {
      throw new Refused("--force-remove", "a drill takes nothing away");
    }
    var tried = archive;
    if (tried == null) {
      var number = kept();
      return onServers(
          context,
          site ->
              site.drill()
                  .ofNew(site.snapshot(number), site.servers(), site.opening(), site::look));
    }
    if (to != null || keep != null) {
      throw new Refused(
          to != null ? "--to" : "--keep", "a drill with an ARCHIVE takes no snapshot");
    }
    return onServers(context, site -> site.drill().of(site.look(tried), site.servers()));
  }

  private int kept() throws Refused {
    var number = keep == null ? SnapshotScripts.KEPT : keep;
    if (number < 1 || number > MOST_KEPT) {
      throw new Refused("--keep", "a number, 1 to %d".formatted(MOST_KEPT));
    }
    return number;
  }

  private interface Work {
    ExitCode on(Site site) throws Refused;
  }

  /** The control planes, and all that is done with their datastore. */
  private record Site(
      Transport transport,
      Inventory inventory,
      Datastore datastore,
      List<Host> servers,
      String owner,
      EtcdSnapshot.Opening opening,
      Context context) {
    EtcdSnapshot snapshot(int number) {
      return new EtcdSnapshot(
          transport, datastore, owner, number, context.display()::say, context.display()::remark);
    }

    EtcdDrill drill() {
      return new EtcdDrill(
          transport, datastore, owner, context.display()::say, context.display()::remark);
    }

    HeldSnapshot look(Path archive) throws Refused {
      return HeldArchive.of(archive, inventory, datastore, context);
    }
  }

  private Ending onServers(Context context, Work work) throws Refused {
    var read = run.read(context);
    var datastore = datastore(read.inventory());
    // of a run it has the passwords that are typed, and its name for who finds the lock
    var all = new Choice(List.of(), List.of(), List.of(), List.of());
    var request = run.request(all, read.inventory(), new Playbook(List.of()), context);
    var cluster = read.inventory().cluster().map(Cluster::name).orElseThrow();
    try (var transport = context.program().transport(new HostKeys())) {
      var site =
          new Site(
              transport,
              read.inventory(),
              datastore,
              servers(request.inventory()),
              request.options().owner(),
              () -> folder(cluster, context),
              context);
      return new Ending(work.on(site), Optional.empty());
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
