package io.provision.cli.first;

import io.provision.cli.command.Command;
import io.provision.cli.option.HostsRun;
import io.provision.cli.option.LoginOptions;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.files.OutputFile;
import io.provision.load.foreign.ForeignInventories;
import io.provision.load.yaml.InputRefused;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.model.SshKey;
import io.provision.model.SshSettings;
import io.provision.model.Version;
import io.provision.remote.RemoteException;
import io.provision.ssh.VagrantMachines;
import io.provision.ssh.Workstation;
import io.provision.step.FirstInventory;
import io.provision.step.Observed;
import io.provision.steps.Catalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
    name = "init",
    description =
        "Asks hosts what they are and writes a first inventory of them, with its reasons as"
            + " comments: roles, networks that do not overlap with what the hosts reach, versions."
            + " Changes nothing on them, and overwrites no file.",
    footer = {
      "",
      "Examples:",
      "  provision init admin@192.168.56.11-13            three hosts, logged in to as admin",
      "  provision init --vagrant                         the machines of the Vagrantfile here",
      "  provision init 'node[1-5]' --control-planes 3 --out rack.yml"
    })
public final class InitCommand implements Command {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final StepRef LOOK = new StepRef("first-look", 0, new Position("init", 1, 1));

  @Parameters(
      paramLabel = "HOST",
      arity = "0..*",
      description = "[user@]host[:port]; several at once as 192.168.56.11-13 or node[1-3]")
  private List<String> words = new ArrayList<>();

  @Mixin private LoginOptions login = new LoginOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--out", paramLabel = "FILE", description = "where it is written: inventory.yml")
  private Path out = Path.of("inventory.yml");

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description =
          "asks no host, but carries over an inventory of Ansible (kubespray, k3s-ansible) or a"
              + " file of k0sctl or KubeOne, and names each key that cannot be")
  private @Nullable Path from;

  @Option(names = "--name", paramLabel = "NAME", description = "of the cluster: home")
  private String name = "home";

  @Option(
      names = "--distribution",
      paramLabel = "NAME",
      description = "k3s, kubeadm, or none for hosts and storage only: k3s")
  private String distribution = "k3s";

  @Option(names = "--release", paramLabel = "VERSION", description = "of the distribution")
  private @Nullable String release;

  @Option(
      names = "--control-planes",
      paramLabel = "N",
      description = "how many of the hosts are control planes: 1")
  private int controlPlanes = 1;

  @Option(names = "--key", paramLabel = "FILE", description = "the private key to log in with")
  private @Nullable Path key;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "which the cluster's context is merged into: ~/.kube/config")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--accept-new",
      description = "take host keys that are not known yet, now and by the inventory")
  private boolean acceptNew;

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
      throw new Refused(out.toString(), "is there already: name another file by --out");
    }
    if (!OutputFile.hasPlace(out)) {
      throw new Refused(out.toString(), "its directory is not there");
    }
    if (!NAME.matcher(name).matches()) {
      throw new Refused(
          "--name",
          "'%s' is not a valid cluster name: lower-case letters, digits and '-', at most 63"
              .formatted(name));
    }
    if (from != null) {
      return carriedOver(from, context);
    }
    var hosts = hosts();
    if (controlPlanes < 1 || controlPlanes > hosts.size()) {
      throw new Refused(
          "--control-planes", "%d of %d hosts cannot be".formatted(controlPlanes, hosts.size()));
    }
    var wish =
        new FirstInventory.Wish(
            name, chosen(), release(), controlPlanes, kubeconfig(), sshLines(), hosts);
    var inventory =
        new Inventory(
            Optional.empty(),
            hosts,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            out);
    var item = new Item<>(LOOK, Catalog.firstLook());
    var playbook = new Playbook(List.of(new Play.OnHosts("first look", hosts, 0, List.of(item))));
    context.display().onlyCounts();
    var request = HostsRun.request(login, inventory, playbook, context);
    var result = context.program().plan(request.quietly());
    var seen = new LinkedHashMap<HostName, Observed>();
    hosts.forEach(host -> {
      var own = result.seen().get(TargetName.of(host.name()));
      if (own != null) {
        seen.put(host.name(), own);
      }
    });
    if (seen.size() < hosts.size()) {
      context.display().say("nothing was written: leave out who does not answer, or see why");
      return Ending.of(result.report());
    }
    write(Catalog.firstInventory(wish, seen), context);
    return Ending.of(result.report());
  }

  private Ending carriedOver(Path file, Context context) throws Refused {
    if (!words.isEmpty() || login.vagrant(out).isPresent()) {
      throw new Refused("--from", "the hosts are those of %s: name none besides".formatted(file));
    }
    try {
      var foreign = new ForeignInventories(name, kubeconfig(), InitCommand::usualVersion);
      write(foreign.read(file), context);
      return Ending.DONE;
    } catch (InputRefused e) {
      throw new Refused(
          e.problems().stream().map(it -> Problem.error(it.at().toString(), it.reason())).toList());
    }
  }

  private static String usualVersion(String distribution) {
    return Catalog.areas().distributions().stream()
        .filter(it -> it.name().equals(distribution))
        .flatMap(it -> it.kubernetes().stream())
        .map(it -> it.versions().example())
        .findFirst()
        .orElseThrow();
  }

  private void write(FirstInventory first, Context context) throws Refused {
    try {
      OutputFile.write(out, first.text().getBytes(StandardCharsets.UTF_8), "rw-r--r--");
    } catch (IOException e) {
      throw new Refused(out.toString(), "cannot be written (%s)".formatted(e.getMessage()));
    }
    context.display().say("%s was written. read it, then:".formatted(out));
    context.display().say("  provision plan %s".formatted(out));
    context.display().say("  provision apply %s".formatted(out));
    first.reasons().forEach(context.display()::remark);
  }

  private List<Host> hosts() throws Refused {
    var typed = new TypedHosts(settings());
    var vagrant = login.vagrant(out);
    if (vagrant.isPresent()) {
      if (!words.isEmpty()) {
        return typed.of(words);
      }
      try {
        var machines = new VagrantMachines(vagrant.get(), Workstation.current()).running();
        if (machines.isEmpty()) {
          throw new Refused("--vagrant", "no machine is running: vagrant up");
        }
        return typed.of(machines);
      } catch (RemoteException e) {
        throw new Refused("--vagrant", "%s. %s".formatted(e.what(), e.remedy()));
      }
    }
    if (words.isEmpty()) {
      throw new Refused("HOST", "name the hosts: [user@]host[:port], or --vagrant");
    }
    return typed.of(words);
  }

  private SshSettings settings() {
    var keys = key == null ? List.<SshKey>of() : List.<SshKey>of(new SshKey.File(key));
    return SshSettings.DEFAULTS.withKeys(
        keys, acceptNew ? SshSettings.HostKeys.ACCEPT_NEW : SshSettings.HostKeys.STRICT);
  }

  /** The section {@code ssh} of the inventory, a line a key. */
  private List<String> sshLines() {
    var lines = new ArrayList<String>();
    login.vagrant(out).ifPresent(_ -> lines.add("vagrant: ."));
    login.sshConfig().ifPresent(it -> lines.add("config: " + quoted(it)));
    if (key != null) {
      lines.add("key: " + quoted(key));
    }
    if (acceptNew) {
      lines.add("host_keys: accept-new");
    }
    return lines;
  }

  private String kubeconfig() {
    return kubeconfig == null ? "~/.kube/config" : quoted(kubeconfig);
  }

  private static String quoted(Path path) {
    return "\""
        + path.toAbsolutePath().normalize().toString().replace("\\", "\\\\").replace("\"", "\\\"")
        + "\"";
  }

  private Cluster.Distribution chosen() throws Refused {
    var known = new ArrayList<>(Catalog.areas().distributions());
    known.add(Cluster.Distribution.NONE);
    return known.stream()
        .filter(it -> it.name().equals(distribution))
        .findFirst()
        .orElseThrow(() ->
            new Refused(
                "--distribution",
                "'%s' is not one of %s"
                    .formatted(
                        distribution,
                        String.join(
                            ", ", known.stream().map(Cluster.Distribution::name).toList()))));
  }

  private Optional<String> release() throws Refused {
    if (release == null) {
      return Optional.empty();
    }
    try {
      var version = Version.parse(release);
      var form = chosen().kubernetes().map(it -> it.versions());
      if (form.isPresent() && !form.get().fits(version)) {
        throw new Refused("--release", form.get().complaint());
      }
      return Optional.of(release);
    } catch (IllegalArgumentException e) {
      throw new Refused("--release", String.valueOf(e.getMessage()));
    }
  }
}
