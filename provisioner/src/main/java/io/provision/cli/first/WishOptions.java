package io.provision.cli.first;

import io.provision.cli.run.Refused;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.SshKey;
import io.provision.model.SshSettings;
import io.provision.model.Version;
import io.provision.ssh.Workstation;
import io.provision.step.FirstInventory;
import io.provision.steps.Catalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is typed of the inventory that is wanted. */
final class WishOptions {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final String USUAL = "k3s";
  private static final String USUAL_NAME = "home";

  @Option(names = "--name", paramLabel = "NAME", description = "of the cluster: home")
  private @Nullable String name;

  @Option(
      names = "--distribution",
      paramLabel = "NAME",
      description = "k3s, kubeadm, or none for hosts and storage only: k3s")
  private @Nullable String distribution;

  @Option(names = "--release", paramLabel = "VERSION", description = "of the distribution")
  private @Nullable String release;

  @Option(
      names = "--control-planes",
      paramLabel = "N",
      description = "how many of the hosts are control planes: 1")
  private @Nullable Integer controlPlanes;

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

  String name() throws Refused {
    var wanted = name == null ? USUAL_NAME : name;
    if (!NAME.matcher(wanted).matches()) {
      throw new Refused(
          "--name",
          "'%s' is not a valid cluster name: lower-case letters, digits and '-', at most 63"
              .formatted(wanted));
    }
    return wanted;
  }

  /**
   * Asks for what was not typed, and names the hosts.
   *
   * @return the hosts, as they are typed
   */
  List<String> asked(FirstQuestions questions) throws Refused {
    if (key == null) {
      questions.ask(
          "private key to log in with (nothing: your agent and ~/.ssh)",
          "",
          answer -> key = answer.isEmpty() ? null : there(answer));
    }
    acceptNew = acceptNew || questions.agrees("take host keys that are not known yet");
    var hosts = new ArrayList<String>();
    questions.ask(
        "hosts ([user@]host[:port], several at once as 192.168.56.11-13 or node[1-3])",
        "",
        answer -> {
          hosts.clear();
          hosts.addAll(List.of(answer.strip().split("[\\s,]+")));
          new TypedHosts(ssh()).of(hosts);
        });
    var many = new TypedHosts(ssh()).of(hosts).size();
    if (name == null) {
      questions.ask(
          "name of the cluster",
          USUAL_NAME,
          answer -> {
            name = answer;
            name();
          });
    }
    if (distribution == null) {
      questions.ask(
          "distribution (k3s, kubeadm, none)",
          USUAL,
          answer -> {
            distribution = answer;
            chosen();
          });
    }
    if (controlPlanes == null && many > 1 && chosen().isKubernetes()) {
      questions.ask(
          "how many of the %d are control planes".formatted(many),
          "1",
          answer -> controlPlanes = number(answer, many));
    }
    return List.copyOf(hosts);
  }

  private static int number(String answer, int most) throws Refused {
    var number = answer.matches("[0-9]{1,4}") ? Integer.parseInt(answer) : 0;
    if (number < 1 || number > most) {
      throw new Refused("--control-planes", "'%s' is not one of 1 to %d".formatted(answer, most));
    }
    return number;
  }

  private static Path there(String answer) throws Refused {
    var file =
        answer.startsWith("~/")
            ? Workstation.current().home().resolve(answer.substring(2))
            : Path.of(answer);
    if (!Files.isReadable(file)) {
      throw new Refused("--key", "'%s' cannot be read".formatted(answer));
    }
    return file;
  }

  /** Where the context is merged into, as it is written. */
  String kubeconfig() {
    return kubeconfig == null ? "~/.kube/config" : quoted(kubeconfig);
  }

  SshSettings ssh() {
    var keys = key == null ? List.<SshKey>of() : List.<SshKey>of(new SshKey.File(key));
    return SshSettings.DEFAULTS.withKeys(
        keys, acceptNew ? SshSettings.HostKeys.ACCEPT_NEW : SshSettings.HostKeys.STRICT);
  }

  /** Those that were given and say what hosts or another tool's file would. */
  List<String> given() {
    var given = new LinkedHashMap<String, Boolean>();
    given.put("--distribution", distribution != null);
    given.put("--release", release != null);
    given.put("--control-planes", controlPlanes != null);
    given.put("--key", key != null);
    given.put("--accept-new", acceptNew);
    return given.keySet().stream().filter(it -> Boolean.TRUE.equals(given.get(it))).toList();
  }

  /**
   * @param reach lines of the section {@code ssh} that say how hosts are reached
   */
  FirstInventory.Wish wish(List<String> reach, List<Host> hosts) throws Refused {
    var servers = controlPlanes == null ? 1 : controlPlanes;
    if (servers < 1 || servers > hosts.size()) {
      throw new Refused(
          "--control-planes", "%d of %d hosts cannot be".formatted(servers, hosts.size()));
    }
    var ssh = new ArrayList<>(reach);
    if (key != null) {
      ssh.add("key: " + quoted(key));
    }
    if (acceptNew) {
      ssh.add("host_keys: accept-new");
    }
    var chosen = chosen();
    return new FirstInventory.Wish(
        name(), chosen, release(chosen), servers, kubeconfig(), ssh, hosts);
  }

  /** As a text of YAML. */
  static String quoted(Path path) {
    var text = path.toAbsolutePath().normalize().toString();
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private Cluster.Distribution chosen() throws Refused {
    var wanted = distribution == null ? USUAL : distribution;
    var known = new ArrayList<>(Catalog.areas().distributions());
    known.add(Cluster.Distribution.NONE);
    for (var each : known) {
      if (each.name().equals(wanted)) {
        return each;
      }
    }
    var names = known.stream().map(Cluster.Distribution::name).toList();
    throw new Refused(
        "--distribution", "'%s' is not one of %s".formatted(wanted, String.join(", ", names)));
  }

  private Optional<String> release(Cluster.Distribution chosen) throws Refused {
    if (release == null) {
      return Optional.empty();
    }
    try {
      var version = Version.parse(release);
      var form = chosen.kubernetes().map(it -> it.versions());
      if (form.isPresent() && !form.get().fits(version)) {
        throw new Refused("--release", form.get().complaint());
      }
      return Optional.of(release);
    } catch (IllegalArgumentException e) {
      throw new Refused("--release", String.valueOf(e.getMessage()));
    }
  }
}
