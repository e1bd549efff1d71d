package io.provision.load.foreign;

import io.provision.files.BoundedRead;
import io.provision.load.foreign.Carried.Left;
import io.provision.load.yaml.Positions;
import io.provision.load.yaml.Problems;
import io.provision.load.yaml.YamlReader;
import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import io.provision.step.FirstInventory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads inventories of Ansible, as kubespray and k3s-ansible have them with the {@code group_vars}
 * and {@code host_vars} beside, and the files of k0sctl and KubeOne.
 *
 * @param usual the version that is suggested where the file says none of the distribution's, by its
 *     name
 */
public record ForeignInventories(String name, String kubeconfig, Function<String, String> usual) {
  private static final int MOST = 4 << 20;

  /**
   * What of the file can be carried over; the reasons name every key that could not.
   *
   * @throws io.provision.load.yaml.InputRefused where it is none of these files
   */
  public FirstInventory read(Path file) {
    var problems = new Problems();
    var carried = carried(file, problems);
    problems.refuseIfAny();
    var found = carried.orElseThrow();
    var text =
        new CarriedText(found, name, kubeconfig, usual.apply(found.cluster().distribution()))
            .text();
    return new FirstInventory(text, found.left().stream().map(Left::toString).distinct().toList());
  }

  private static Optional<Carried> carried(Path file, Problems problems) {
    var bytes = bytes(file, problems);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    var groups = isYaml(file) ? Optional.<AnsibleGroups>empty() : ini(file, bytes.get(), problems);
    if (groups.isEmpty() && problems.isEmpty()) {
      var document = YamlReader.read(file.toString(), bytes.get(), problems);
      if (document.orElse(null) instanceof Mapping mapping) {
        if (K0sctlReader.isOne(mapping)) {
          return Optional.of(K0sctlReader.of(mapping));
        }
        if (KubeOneReader.isOne(mapping)) {
          return Optional.of(KubeOneReader.of(mapping));
        }
        if (AnsibleYaml.isOne(mapping)) {
          groups = Optional.of(AnsibleYaml.read(mapping));
        }
      }
    }
    if (groups.isEmpty() || groups.get().hosts().isEmpty()) {
      if (problems.isEmpty()) {
        problems.add(
            Positions.start(file.toString()),
            "is neither an inventory of Ansible with hosts, nor a file of k0sctl or KubeOne.");
      }
      return Optional.empty();
    }
    beside(file, groups.get(), problems);
    var carried = AnsibleReader.of(groups.get());
    if (carried.hosts().isEmpty()) {
      problems.add(
          Positions.start(file.toString()),
          "has no host in a group of kubespray (kube_control_plane, kube_node) or of k3s-ansible (server, agent); its groups are %s."
              .formatted(String.join(", ", groups.get().groups())));
    }
    return Optional.of(carried);
  }

  private static boolean isYaml(Path file) {
    return file.toString().matches(".*\\.(yml|yaml)");
  }

  private static Optional<AnsibleGroups> ini(Path file, byte[] bytes, Problems problems) {
    var text = new String(bytes, StandardCharsets.UTF_8);
    return Optional.of(AnsibleIni.read(file.toString(), text, problems));
  }

  /** What stands in files of its own, by the names of groups and hosts. */
  private static void beside(Path file, AnsibleGroups groups, Problems problems) {
    var directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      return;
    }
    for (var group : List.copyOf(groups.groups())) {
      variables(directory.resolve("group_vars"), group, problems)
          .forEach(it -> groups.variables(group, it));
    }
    variables(directory.resolve("group_vars"), AnsibleGroups.ALL, problems)
        .forEach(it -> groups.variables(AnsibleGroups.ALL, it));
    for (var host : groups.hosts()) {
      variables(directory.resolve("host_vars"), host, problems)
          .forEach(it -> groups.host("ungrouped", host, it, groups.at(host)));
    }
  }

  private static List<Map<String, Node>> variables(Path folder, String name, Problems problems) {
    if (!name.matches("[A-Za-z0-9_.-]+") || name.startsWith(".")) {
      return List.of();
    }
    return Stream.of(name, name + ".yml", name + ".yaml")
        .map(folder::resolve)
        .flatMap(it -> files(it, problems).stream())
        .flatMap(it ->
            bytes(it, problems)
                .flatMap(bytes -> YamlReader.read(it.toString(), bytes, problems))
                .stream())
        .map(AnsibleYaml::of)
        .toList();
  }

  private static List<Path> files(Path place, Problems problems) {
    if (Files.isRegularFile(place)) {
      return List.of(place);
    }
    if (!Files.isDirectory(place)) {
      return List.of();
    }
    try (var entries = Files.list(place)) {
      return entries
          .filter(ForeignInventories::isYaml)
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      problems.add(
          Positions.start(place.toString()), "cannot be read (%s).".formatted(e.getMessage()));
      return List.of();
    }
  }

  private static Optional<byte[]> bytes(Path file, Problems problems) {
    try {
      return Optional.of(BoundedRead.bytes(file, MOST));
    } catch (IOException e) {
      problems.add(
          Positions.start(file.toString()), "cannot be read (%s).".formatted(e.getMessage()));
      return Optional.empty();
    }
  }
}
