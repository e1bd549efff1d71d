package io.provision.cli.first;

import io.provision.cli.command.Command;
import io.provision.cli.option.HostsRun;
import io.provision.cli.option.LoginOptions;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.files.AtomicFile;
import io.provision.files.OutputFile;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.remote.RemoteException;
import io.provision.ssh.VagrantMachines;
import io.provision.ssh.Workstation;
import io.provision.step.FirstInventory;
import io.provision.step.Observed;
import io.provision.steps.Catalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            + " Changes nothing on them, and overwrites no file. Where no host is named it asks on a"
            + " terminal.",
    footer = {
      "",
      "Examples:",
      "  provision init admin@192.168.56.11-13            three hosts, logged in to as admin",
      "  provision init --vagrant                         the machines of the Vagrantfile here",
      "  provision init 'node[1-5]' --control-planes 3 --out rack.yml"
    })
public final class InitCommand implements Command {
  private static final StepRef LOOK = new StepRef("first-look", 0, new Position("init", 1, 1));

  @Parameters(
      paramLabel = "HOST",
      arity = "0..*",
      description = "[user@]host[:port]; several at once as 192.168.56.11-13 or node[1-3]")
  private List<String> words = new ArrayList<>();

  @Mixin private LoginOptions login = new LoginOptions();
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private WishOptions wanted = new WishOptions();

  @Option(names = "--out", paramLabel = "FILE", description = "where it is written: inventory.yml")
  private Path out = Path.of("inventory.yml");

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description =
          "asks no host, but carries over an inventory of Ansible (kubespray, k3s-ansible) or a"
              + " file of k0sctl or KubeOne, and names each key that cannot be")
  private @Nullable Path from;

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
      throw there();
    }
    if (!OutputFile.hasPlace(out)) {
      throw new Refused(out.toString(), "its directory is not there");
    }
    if (from != null) {
      return carriedOver(from, context);
    }
    var operator = context.display().operator();
    if (words.isEmpty() && login.vagrant(out).isEmpty() && operator.present()) {
      words = wanted.asked(new FirstQuestions(operator));
    }
    var hosts = hosts();
    var wish = wanted.wish(reach(), hosts);
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
    var besides = new ArrayList<>(wanted.given());
    besides.addAll(words);
    besides.addAll(login.given());
    if (!besides.isEmpty()) {
      throw new Refused(
          String.join(", ", besides), "no host is asked, and %s says it all".formatted(file));
    }
    write(ForeignReading.read(file, wanted), context);
    return Ending.DONE;
  }

  private void write(FirstInventory first, Context context) throws Refused {
    try {
      AtomicFile.createPrivate(out, first.text().getBytes(StandardCharsets.UTF_8));
    } catch (FileAlreadyExistsException _) {
      throw there();
    } catch (IOException e) {
      throw new Refused(out.toString(), "cannot be written (%s)".formatted(e.getMessage()));
    }
    context.display().say("%s was written. read it, then:".formatted(out));
    context.display().say("  provision doctor %s".formatted(out));
    context.display().say("  provision plan %s".formatted(out));
    context.display().say("  provision apply %s".formatted(out));
    first.reasons().forEach(context.display()::remark);
  }

  private Refused there() {
    return new Refused(out.toString(), "is there already: name another file by --out");
  }

  private List<Host> hosts() throws Refused {
    var typed = new TypedHosts(wanted.ssh());
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

  /** How hosts are reached, as lines of the section {@code ssh}. */
  private List<String> reach() {
    var lines = new ArrayList<String>();
    login.vagrant(out).ifPresent(_ -> lines.add("vagrant: ."));
    login.sshConfig().ifPresent(it -> lines.add("config: " + WishOptions.quoted(it)));
    return lines;
  }
}
