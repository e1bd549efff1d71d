package io.provision.steps.rotation;

import io.provision.model.Cidr;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.model.Sections;
import io.provision.model.rotation.Rotation;
import io.provision.model.window.Windows;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.step.Absence;
import io.provision.step.Check;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Hosts without Kubernetes for tests of their rotation, and what is done to them in words. */
final class Plain {
  static final FileState THERE =
      new FileState(
          FileState.Type.FILE,
          false,
          FileMode.PRIVATE,
          new FileState.Owner("root", "root", "0", "0"),
          0,
          Optional.empty(),
          Optional.empty());

  private Plain() {}

  /** Three storage hosts of no cluster. */
  static Inventory hosts() {
    return Cases.inventory(cluster(), storage(1), storage(2), storage(3));
  }

  /** Two hosts of an inventory that has no cluster at all. */
  static Inventory withoutCluster() {
    return new Inventory(
        Optional.empty(),
        List.of(host("web1", 1), host("web2", 2)),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Path.of("/inv/web.yml"));
  }

  /** A Kubernetes, and two storage hosts that are no nodes of it, one of them written first. */
  static Inventory beside() {
    return Cases.inventory(storage(1), Cases.agent(1), Cases.server(1), storage(2));
  }

  static Host storage(int number) {
    return Cases.host("s" + number, 50 + number, Set.of(Role.STORAGE), Map.of());
  }

  private static Host host(String name, int number) {
    return Cases.host(name, number, Set.of(), Map.of());
  }

  static Cluster cluster(Windows... windows) {
    return new Cluster(
        "plain",
        Cluster.Distribution.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new Cluster.Network(
            Cluster.Cni.FLANNEL,
            Optional.empty(),
            Cidr.parse("10.42.0.0/16"),
            Cidr.parse("10.43.0.0/16")),
        windows.length == 0
            ? Sections.NONE
            : Sections.of(new Rotation(Optional.of(windows[0]), Optional.empty())),
        Optional.empty(),
        List.of(),
        Cases.NOWHERE);
  }

  static Target.OnHost on(String name, Inventory inventory) {
    return new Target.OnHost(inventory.find(new HostName(name)).orElseThrow(), inventory);
  }

  /** An area with a say wherever a host has the role storage. */
  record Guarded() implements Absence {
    private static List<Repair> script(Target.OnHost target, String name) {
      return target.host().is(Role.STORAGE)
          ? List.of(new Repair.OnHost(Script.of(new ShellFunction(name, "return 0"))))
          : List.of();
    }

    private static List<Repair.AwaitHosts> gate(
        Target.OnHost target, String what, Duration patience) {
      return target.host().is(Role.STORAGE)
          ? List.of(new Repair.AwaitHosts(what, patience, Map.of(), (_, _) -> List.of(), "fix it"))
          : List.of();
    }

    @Override
    public List<Repair.AwaitHosts> beforeItGoes(Target.OnHost target, Duration patience) {
      return gate(target, "leave to go", patience);
    }

    @Override
    public List<Repair> asItGoes(Target.OnHost target) {
      return script(target, "bricks_end");
    }

    @Override
    public List<Repair> onceItStays(Target.OnHost target) {
      return script(target, "bricks_begin");
    }

    @Override
    public List<Repair.AwaitHosts> onceItIsBack(Target.OnHost target, Duration patience) {
      return gate(target, "all of its data", patience);
    }
  }

  /** What a check would have done, in its order. */
  static List<String> actions(Check check) {
    return ((Check.Drift) check).repair().leaves().stream().flatMap(Plain::actions).toList();
  }

  static Stream<String> actions(Repair repair) {
    return switch (repair) {
      case Repair.OnHost(var scripts, _) ->
          scripts.stream().map(script -> script.call().function().name());
      case Repair.InOrder(var parts) -> parts.stream().flatMap(Plain::actions);
      case Repair.InWindow _ -> Stream.of("in a window");
      case Repair.Tell _ -> Stream.of();
      case Repair.Reboot(_, var otherwise) ->
          Stream.of(
              otherwise.isEmpty()
                  ? "reboot"
                  : "reboot, or "
                      + otherwise.stream()
                          .flatMap(Plain::actions)
                          .collect(Collectors.joining(", ")));
      case Repair.Guarded(var parts, var otherwise) ->
          Stream.of(
              "%s or: %s"
                  .formatted(
                      parts.stream().flatMap(Plain::actions).toList(),
                      otherwise.stream()
                          .flatMap(Plain::actions)
                          .collect(Collectors.joining(", "))));
      case Repair.OnOthers(var others, var function, var arguments) ->
          Stream.of("%s %s on %s".formatted(function.name(), String.join(" ", arguments), others));
      case Repair.PowerCut cut ->
          Stream.of(
              "cut, seen by %s, or %s"
                  .formatted(
                      cut.access().map(_ -> "an API").orElse("hosts"),
                      cut.otherwise().stream()
                          .flatMap(Plain::actions)
                          .collect(Collectors.joining(", "))));
      case Repair.AwaitHosts gate -> {
        var instead =
            gate.otherwise().stream()
                .flatMap(it -> it.leaves().stream())
                .flatMap(Plain::actions)
                .collect(Collectors.joining(", "));
        yield Stream.of(
            "%s, %d minutes%s"
                .formatted(
                    gate.what(),
                    gate.deadline().toMinutes(),
                    instead.isEmpty() ? "" : ", or " + instead));
      }
      default -> throw new IllegalStateException(repair.toString());
    };
  }
}
