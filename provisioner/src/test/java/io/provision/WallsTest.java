package io.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.provision.walls.left.Left;
import io.provision.walls.right.Right;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The walls inside the floors: packages to the last depth, rooms, and what `cli` knows of steps.
 * {@link FloorsTest} sees the first package only. Constants are no imports here: the compiler
 * writes their values into the class files that are read.
 */
class WallsTest {
  private static final String ROOT = "io.provision.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.provision");

  /**
   * What is used of an inner room from outside of its house, each with its reason. The key is the
   * house that imports and the class that is imported, or the whole room where one is built on the
   * other; the rest of every room is closed. A house is a floor's package with its rooms, and below
   * `steps` each area: inside of it rooms may know one another, without circles.
   */
  private static final Map<String, String> DOORS =
      Map.ofEntries(
          Map.entry(
              "steps.gluster -> steps.os.NodeAddressStep",
              "an output: bricks and access lists name the nodes' addresses"),
          Map.entry(
              "steps.k3s -> steps.kubernetes",
              "the whole room: it is what distributions are made of, and knows none of them"),
          Map.entry(
              "steps.storage -> steps.gluster.declared",
              "the whole room: what an inventory declares of GlusterFS, whose volumes it serves"),
          Map.entry(
              "steps.k3s -> steps.kubernetes.settings",
              "the whole room: settings of programs, which each distribution carries out in its"
                  + " way"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes.settings",
              "the whole room: settings of programs, which each distribution carries out in its"
                  + " way"),
          Map.entry(
              "steps.cni -> steps.kubernetes.settings",
              "the whole room: a network of pods fits the mode that kube-proxy is told"),
          Map.entry(
              "steps.kubevip -> steps.kubernetes.addon.AddOn",
              "what runs in a cluster for as long as the inventory says leaves it in one way"),
          Map.entry(
              "steps.kubevip -> steps.kubernetes.addon.ManifestOverlay",
              "what is ours in objects is set in one way"),
          Map.entry(
              "steps.kubevip -> steps.kubernetes.images.ImageSource",
              "images reach nodes in one way, whosever they are"),
          Map.entry(
              "steps.kubernetes -> steps.gluster.leave.PoolExit",
              "outputs: a node leaves once the pool has let go of its host"),
          Map.entry("steps.kubevip -> steps.kubernetes.Nodes", "who is a server of the cluster"),
          Map.entry("steps.storage -> steps.kubernetes.Nodes", "who is a server of the cluster"),
          Map.entry(
              "steps.kubevip -> steps.os.NodeAddressStep",
              "an output: the interface on which an address is carried"),
          Map.entry(
              "steps.rotation -> resource.packages.Upgrades",
              "what is installed is upgraded before a reboot"),
          Map.entry(
              "steps.metallb -> steps.kubernetes.addon.AddOn",
              "what runs in a cluster for as long as the inventory says leaves it in one way"),
          Map.entry(
              "steps.metallb -> steps.kubernetes.images.ImageSource",
              "images reach nodes in one way, whosever they are"),
          Map.entry(
              "steps.storage -> steps.kubernetes.images.ImageSource",
              "images reach nodes in one way, whosever they are"),
          Map.entry(
              "steps.metallb -> steps.kubernetes.addon.AddOnObjects",
              "what another version left behind is told in one way"),
          Map.entry(
              "steps.metallb -> steps.kubernetes.addon.ManifestOverlay",
              "what is ours in published objects is set in one way"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes",
              "the whole room: it is what distributions are made of, and knows none of them"),
          Map.entry(
              "steps.cni -> steps.kubernetes.PodNetwork",
              "an output: nodes and their DNS wait for the network that a step brings"),
          Map.entry(
              "steps.cni -> steps.kubernetes.Requirements",
              "what a distribution needs of its hosts is said in one place"),
          Map.entry(
              "steps.cni -> steps.kubernetes.PinnedManifest",
              "what is published for Kubernetes is pinned in one way"),
          Map.entry(
              "steps.cni -> steps.kubernetes.images.ImageSource",
              "images reach nodes in one way, whosever they are"),
          Map.entry(
              "steps.k3s -> steps.kubernetes.etcd.SnapshotScripts",
              "snapshots are looked at, kept and sent in one way, however they are made"),
          Map.entry(
              "steps.k3s -> steps.kubernetes.etcd.DrillScripts",
              "snapshots are tried beside the living cluster in one way"),
          Map.entry(
              "steps.k3s -> steps.kubernetes.etcd.RestoreScripts",
              "snapshots are brought back in one way, whatever makes a datastore of them"),
          Map.entry(
              "steps.k3s -> steps.kubernetes.etcd.RemovedMember",
              "a control plane that the cluster went on without is explained in one way"),
          Map.entry(
              "steps.k3s -> steps.kubernetes.etcd.UnfinishedRestore",
              "no empty cluster begins in the place of one that is being restored"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes.etcd.DrillScripts",
              "snapshots are tried beside the living cluster in one way"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes.etcd.RestoreScripts",
              "snapshots are brought back in one way, whatever makes a datastore of them"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes.etcd.RemovedMember",
              "a control plane that the cluster went on without is explained in one way"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes.etcd.UnfinishedRestore",
              "no empty cluster begins in the place of one that is being restored"),
          Map.entry(
              "steps.k3s -> steps.kubernetes.images.RegistriesSection",
              "one key of the inventory, which each distribution carries out in its way"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes.apiserver",
              "the whole room: keys of the inventory, which each distribution carries out in its"
                  + " way"),
          Map.entry(
              "steps.k3s -> steps.kubernetes.apiserver",
              "the whole room: keys of the inventory, which each distribution carries out in its"
                  + " way"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes.etcd.SnapshotScripts",
              "snapshots are looked at, kept and sent in one way, however they are made"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes.images.RegistriesSection",
              "one key of the inventory, which each distribution carries out in its way"),
          Map.entry(
              "steps.k3s -> steps.kubernetes.encryption.HeldKey",
              "an output: who has which keys of Secrets is told by the look at a node"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes.encryption.HeldKey",
              "an output: who has which keys of Secrets is told by the look at a node"),
          Map.entry(
              "steps.k3s -> steps.kubernetes.registration.Registration",
              "whether the cluster hears of a kubelet is asked in one way"),
          Map.entry(
              "steps.k3s -> steps.kubernetes.certificates.TrustedAuthority",
              "by what a node of another cluster is told"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes.certificates.AuthorityKey",
              "by what a node of another cluster is told"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes.registration.Registration",
              "whether the cluster hears of a kubelet is asked in one way"),
          Map.entry(
              "steps.k3s -> steps.kubernetes.upgrade.UpgradeTurn",
              "nodes are upgraded in one order, however that is done"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes.upgrade.NodeTurn",
              "nodes are worked on in one order, whatever is done to them"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes.upgrade.UpgradeTurn",
              "nodes are upgraded in one order, however that is done"),
          Map.entry(
              "steps.kubeadm -> steps.kubernetes.images.ImageSource",
              "images reach nodes in one way, whosever they are"),
          Map.entry(
              "steps.cni -> steps.kubernetes.PublishedObjects",
              "an output: the objects of a manifest that is pinned"),
          Map.entry(
              "steps.cni -> steps.kubernetes.Nodes", "outputs: which nodes are up to be reached"),
          Map.entry(
              "steps.cni -> steps.kubernetes.Distribution",
              "where a kubelet has joined is seen in one way, whichever it is"),
          Map.entry(
              "steps.cni -> steps.kubernetes.Distributions",
              "where a kubelet has joined is seen in one way, whichever it is"),
          Map.entry(
              "steps.cni -> steps.kubernetes.addon.AddOn",
              "what is ours in a cluster is labelled in one way"),
          Map.entry(
              "steps.cni -> steps.kubernetes.addon.AddOnObjects",
              "what another version left behind is told in one way"),
          Map.entry(
              "steps.cni -> steps.kubernetes.addon.ManifestOverlay",
              "what is ours in published objects is set in one way"),
          Map.entry(
              "steps.metallb -> steps.kubernetes.PinnedManifest",
              "what is published for Kubernetes is pinned in one way"),
          Map.entry(
              "steps.metallb -> steps.kubernetes.PublishedObjects",
              "an output: the objects of a manifest that is pinned"),
          Map.entry(
              "steps.kubernetes -> steps.os.NodeAddressStep",
              "an output: nodes join, and are told apart, by their address"),
          Map.entry(
              "steps.kubernetes -> steps.rotation",
              "the whole room: what reboots have in common, whatever runs on a host"),
          Map.entry(
              "steps.kubernetes -> steps.os.swap.SwapSection",
              "what is declared of swap decides two settings of the kubelet"),
          Map.entry(
              "steps.gluster -> steps.os.HostsFile",
              "one writer of /etc/hosts: the pool's names are more lines of it"),
          Map.entry(
              "steps.gluster -> resource.packages.Packages", "a piece, as all that resource has"),
          Map.entry("steps.os -> resource.packages.Packages", "a piece, as all that resource has"),
          Map.entry(
              "steps.kubeadm -> resource.packages.Packages", "a piece, as all that resource has"),
          Map.entry(
              "steps.kubeadm -> resource.packages.PublishedPackages",
              "a piece, as all that resource has"),
          Map.entry(
              "steps.kubeadm -> resource.packages.PackageRepository",
              "what is asked of the piece: whose packages"),
          Map.entry(
              "steps.kubeadm -> resource.packages.Wanted",
              "what is asked of the piece: a version too"),
          Map.entry(
              "steps.os -> resource.packages.Wanted", "what is asked of the piece: a version too"),
          Map.entry(
              "steps.doctor -> resource.packages.DpkgState",
              "what dpkg has left is read in one way, whoever asks"),
          Map.entry("steps.doctor -> steps.os.HostFacts", "an output: which system a host runs"),
          Map.entry(
              "steps.doctor -> steps.os.NodeAddressStep",
              "outputs: by which addresses hosts reach each other"),
          Map.entry(
              "steps.doctor -> steps.os.firewall.NeededWay",
              "what firewalls are to let in is what has to be reached"),
          Map.entry("cli -> console.text.Table", "rows that a command shows"),
          Map.entry("cli -> local.power.PowerSwitches", "the wiring makes the adapter"),
          Map.entry("cli -> engine.session.Interrupt", "an interruption is handed to the run"),
          Map.entry("cli -> engine.session.HostsMeasured", "the wiring makes what measures"),
          Map.entry(
              "cli -> load.foreign.ForeignInventories",
              "init reads the inventories of other tools"),
          Map.entry("cli -> load.inventory", "the whole room: reads the inventory"),
          Map.entry("cli -> load.playbook", "the whole room: reads the playbook"),
          Map.entry("cli -> load.bind.Binder", "binds what loading needs to the catalog"),
          Map.entry("cli -> load.bind.SourceFile", "a file as it was read"),
          Map.entry(
              "cli -> load.bind.Surroundings", "variables, home and programs of the operator"),
          Map.entry("cli -> load.yaml.InputProblem", "what loading says is wrong"),
          Map.entry("cli -> load.yaml.InputRefused", "what loading says is wrong"),
          Map.entry("cli -> load.yaml.Problems", "what loading says is wrong"));

  /** Rooms that are what their floor says to the others. */
  private static final Set<String> OPEN =
      Set.of(
          "engine.event",
          "engine.playbook",
          "kube.comparison",
          "model.quiet",
          "model.power",
          "model.rotation",
          "model.window",
          "resource.kernel",
          "resource.unit",
          "step.datastore",
          "step.doctor",
          "step.outage");

  /** More files than this in one package are several rooms. */
  private static final int MOST_FILES = 36;

  /** None: a package that is too large has to get rooms, or its reason here. */
  private static final Set<String> TOO_LARGE = Set.of();

  /** Circles of files that stand, each with its reason. */
  private static final Map<Set<String>, String> STANDING =
      Map.of(
          new TreeSet<>(Set.of("step.Check", "step.Departure")),
          "what leaves is removed by a check of its own: one type in the other",
          new TreeSet<>(Set.of("step.Kind", "step.Question", "step.SingleKind")),
          "a question is of a kind, and a kind reads the answers to all its questions at once");

  /** None: a name that has to stand twice would need its reason here. */
  private static final Set<String> NAMESAKES = Set.of();

  @Test
  void noPackageLeadsBackToItselfAtAnyDepth() {
    assertThat(Circles.in(imports(CLASSES, JavaClass::getPackageName))).isEmpty();
  }

  /** Files of one package too: what leads back to itself cannot be read from one end. */
  @Test
  void noFileLeadsBackToItselfButWhereTheTableSaysWhy() {
    assertThat(circlesOfFiles()).containsExactlyInAnyOrderElementsOf(STANDING.keySet());
  }

  private static Set<Set<String>> circlesOfFiles() {
    var circles = new java.util.HashSet<Set<String>>();
    for (var circle : Circles.in(imports(CLASSES, Circles::file))) {
      circles.add(
          circle.stream()
              .map(file -> file.substring(ROOT.length()))
              .collect(Collectors.toCollection(TreeSet::new)));
    }
    return circles;
  }

  @Test
  void innerRoomsAreImportedOnlyWhereTheTableSaysSo() {
    assertThat(doors(CLASSES)).isSubsetOf(DOORS.keySet());
  }

  @Test
  void aPackageWithManyFilesIsSeveralRooms() {
    var files = new TreeMap<String, Set<String>>();
    for (var type : CLASSES) {
      if (!type.getSimpleName().equals("package-info")) {
        files.computeIfAbsent(type.getPackageName(), _ -> new TreeSet<>()).add(Circles.file(type));
      }
    }
    files.values().removeIf(each -> each.size() <= MOST_FILES);
    assertThat(files.keySet().stream().map(name -> name.substring(ROOT.length())))
        .containsExactlyInAnyOrderElementsOf(TOO_LARGE);
  }

  /** What the command line shows of an area, the area registers by its line in the catalog. */
  @Test
  void theCommandLineKnowsOfStepsNothingButTheCatalog() {
    var known = new TreeSet<String>();
    for (var type : CLASSES) {
      if (type.getPackageName().startsWith(ROOT + "cli")) {
        type.getDirectDependenciesFromSelf().stream()
            .map(use -> use.getTargetClass())
            .filter(it -> it.getPackageName().startsWith(ROOT + "steps"))
            .forEach(it -> known.add(Circles.file(it)));
      }
    }
    assertThat(known).containsExactly(ROOT + "steps.Catalog");
  }

  /** A door that nobody uses any more is walled up: it would let the next one through unseen. */
  @Test
  void everyDoorOfTheTableIsInUse() {
    assertThat(doors(CLASSES)).containsAll(DOORS.keySet());
  }

  @Test
  void theRulesLookAtManyClassesAndAtEveryRoom() {
    assertThat(CLASSES.size()).isGreaterThan(150);
    assertThat(imports(CLASSES, JavaClass::getPackageName))
        .containsKeys(
            ROOT + "steps",
            ROOT + "steps.gluster.pool",
            ROOT + "steps.k3s",
            ROOT + "steps.kubernetes",
            ROOT + "steps.os",
            ROOT + "steps.storage",
            ROOT + "steps.os.clock",
            ROOT + "steps.os.firewall",
            ROOT + "steps.os.swap",
            ROOT + "resource.kernel",
            ROOT + "resource.packages",
            ROOT + "resource.unit",
            ROOT + "cli.command",
            ROOT + "cli.option",
            ROOT + "cli.run",
            ROOT + "load.bind",
            ROOT + "load.inventory",
            ROOT + "load.playbook",
            ROOT + "load.yaml",
            ROOT + "console.text",
            ROOT + "engine.event",
            ROOT + "engine.playbook",
            ROOT + "engine.session");
  }

  /**
   * The graph of objects is wired in one file, but for what is made of fabric8, which most commands
   * never load. `CrashLog` is there when wiring failed.
   */
  @Test
  void onlyTheWiringKnowsAdaptersAndMakesTheEngine() {
    assertThat(wiring()).containsExactly("cli.CrashLog", "cli.OwnClusters", "cli.Wiring");
  }

  /**
   * What only a build or a test needs is no part of the program: nobody could tell what it is for.
   */
  @Test
  void theProgramIsNobodysServer() {
    var servers = new TreeSet<String>();
    for (var type : CLASSES) {
      type.getDirectDependenciesFromSelf().stream()
          .filter(use -> use.getTargetClass().getPackageName().startsWith("org.apache.sshd.server"))
          .forEach(_ -> servers.add(Circles.file(type)));
    }
    assertThat(servers).isEmpty();
    var rehearsal = new ClassFileImporter().importPackages(ROOT + "rehearsal");
    assertThat(rehearsal.stream().map(Circles::file))
        .as("the control")
        .contains(ROOT + "rehearsal.PracticeHost");
  }

  private static Set<String> wiring() {
    var parts = Set.of("mina", "jsch", "fabric8", "local");
    var who = new TreeSet<String>();
    for (var type : CLASSES) {
      if (type.getPackageName().startsWith(ROOT + "cli")) {
        var adapts =
            type.getDirectDependenciesFromSelf().stream()
                .map(use -> use.getTargetClass().getPackageName())
                .anyMatch(it -> it.startsWith(ROOT) && parts.contains(it.substring(ROOT.length())));
        var runs =
            type.getConstructorCallsFromSelf().stream()
                .anyMatch(
                    call -> call.getTargetOwner().getFullName().equals(ROOT + "engine.Runner"));
        if (adapts || runs) {
          who.add(Circles.file(type).substring(ROOT.length()));
        }
      }
    }
    return who;
  }

  /** A name says one thing: who reads it in a message or a search need not ask in which package. */
  @Test
  void noTwoClassesOfDifferentPackagesHaveOneName() {
    assertThat(namesakes(CLASSES)).isSubsetOf(NAMESAKES);
    var pair = new ClassFileImporter().importPackages("io.provision.walls");
    assertThat(namesakes(pair)).as("the control").containsExactly("Left");
  }

  /** Names of top-level classes that stand in more than one package. */
  private static Set<String> namesakes(JavaClasses classes) {
    var packages = new TreeMap<String, Set<String>>();
    for (var type : classes) {
      if (type.isTopLevelClass() && !type.getSimpleName().equals("package-info")) {
        packages
            .computeIfAbsent(type.getSimpleName(), _ -> new TreeSet<>())
            .add(type.getPackageName());
      }
    }
    packages.values().removeIf(each -> each.size() < 2);
    return packages.keySet();
  }

  /** The control: two packages of the tests that import each other, in a room each. */
  @Test
  void theRulesSeeACircleOfPackagesAndADoorThatIsNotInTheTable() {
    var pair = new ClassFileImporter().importClasses(Left.class, Right.class);
    assertThat(Circles.in(imports(pair, JavaClass::getPackageName)))
        .containsExactly(Set.of(ROOT + "walls.left", ROOT + "walls.right"));
    assertThat(Circles.in(imports(pair, Circles::file)))
        .containsExactly(Set.of(ROOT + "walls.left.Left", ROOT + "walls.right.Right"));
    assertThat(doors(pair))
        .containsExactlyInAnyOrder(
            "walls.left -> walls.right.Right", "walls.right -> walls.left.Left");
  }

  /** Who imports whom by {@code key}, without what imports itself. */
  private static Map<String, Set<String>> imports(
      JavaClasses classes, java.util.function.Function<JavaClass, String> key) {
    var imports = new TreeMap<String, Set<String>>();
    for (var type : classes) {
      var from = imports.computeIfAbsent(key.apply(type), _ -> new TreeSet<>());
      for (var use : type.getDirectDependenciesFromSelf()) {
        var to = key.apply(use.getTargetClass());
        if (to.startsWith(ROOT) && !to.equals(key.apply(type))) {
          from.add(to);
        }
      }
    }
    return imports;
  }

  /** Imports of classes in inner rooms from outside; the catalog, the one list, knows all steps. */
  private static Set<String> doors(JavaClasses classes) {
    var doors = new TreeSet<String>();
    for (var type : classes) {
      if (Circles.file(type).equals(ROOT + "steps.Catalog")) {
        continue;
      }
      var from = house(type.getPackageName());
      for (var use : type.getDirectDependenciesFromSelf()) {
        var room = use.getTargetClass().getPackageName();
        if (room.startsWith(ROOT)
            && room.substring(ROOT.length()).contains(".")
            && !OPEN.contains(room.substring(ROOT.length()))
            && !from.equals(house(room))) {
          var whole = from + " -> " + room.substring(ROOT.length());
          doors.add(
              DOORS.containsKey(whole)
                  ? whole
                  : from + " -> " + Circles.file(use.getTargetClass()).substring(ROOT.length()));
        }
      }
    }
    return doors;
  }

  /** The floor's package, or below `steps` (and in the control) the area's. */
  private static String house(String name) {
    var parts = List.of(name.substring(ROOT.length()).split("\\."));
    var deep = Set.of("steps", "walls").contains(parts.getFirst());
    return String.join(".", parts.subList(0, Math.min(parts.size(), deep ? 2 : 1)));
  }
}
