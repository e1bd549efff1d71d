package io.provision.load.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.provision.load.bind.Binder;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.Documents.InventoryDocument;
import io.provision.load.yaml.InputRefused;
import io.provision.load.yaml.Problems;
import io.provision.load.yaml.YamlReader;
import io.provision.steps.Catalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The schema that editors use and the program take and refuse the same. Every key is given every
 * value of one pool; where the two differ, the difference is written down here.
 */
class SchemaAgreementTest {
  private static final Path BROKEN = Path.of("src/test/resources/broken");
  private static final Path ODD = Path.of("src/test/resources/odd");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(
              JSON.valueToTree(InventorySchema.document(Catalog.areas())).toString(),
              InputFormat.JSON);
  private static final InventoryLoader LOADER =
      new InventoryLoader(new Surroundings(Map.of(), Path.of("/home/someone")), Catalog.areas());

  private static final Binder BINDER =
      InventoryLoader.binder(
          new Binder(new Surroundings(Map.of(), Path.of("/home/someone")), Path.of("/nowhere")),
          Catalog.areas());

  /**
   * Where a value can stand: every key there is, and names that the operator chooses; the last part
   * is put into the rest of an inventory that is right.
   */
  private static final Set<String> KEYS = keys();

  private static Set<String> keys() {
    var keys =
        new TreeSet<>(
            Set.of(
                "cluster.storage.gluster.volumes.brick_devices.a",
                "cluster.storage.gluster.volumes.options.x",
                "groups.g",
                "hosts.a",
                "hosts.a.labels.x",
                "hosts.a.vars.x"));
    new InventoryKeys(Catalog.areas())
        .all().stream()
            .map(InventoryKeys.Help::path)
            .map(path -> path.replaceFirst("^hosts\\.NAME", "hosts.a"))
            .filter(path -> !path.startsWith("hosts.a.ssh.")) // is of the same type as ssh
            .forEach(keys::add);
    return keys;
  }

  /**
   * What the program refuses by a value's form and no expression can say: host bits, the order of
   * two addresses or ports, quotes around a boolean, references inside free data.
   */
  private static final Set<String> ONLY_THE_PROGRAM = onlyTheProgram();

  private static Set<String> onlyTheProgram() {
    var all =
        new TreeSet<>(
            Set.of(
                "firewall.ports: 80-79",
                "hosts.a.vars.x: ${cmd:a}",
                "hosts.a.vars.x: ${env:1X}",
                "hosts.a.vars.x: ${env:X}y",
                "hosts.a.vars.x: ${file:}",
                "hosts.a.vars.x: a\u0007"));
    all.add("cluster.load_balancer.metallb.addresses: 10.0.0.1/8");
    all.add("cluster.load_balancer.metallb.addresses: 10.0.0.9-10.0.0.1");
    for (var help : new InventoryKeys(Catalog.areas()).all()) {
      if (help.type().contains("network such as")) {
        all.add(help.path() + ": 10.0.0.1/8");
      } else if (help.type().equals("true or false")) {
        var path = help.path().replace("NAME", "a");
        Set.of("On", "true", "yes").forEach(text -> all.add(path + ": " + text));
      }
    }
    return all;
  }

  /** Files that hold one of these; quotes mean something to the program, and octal numbers. */
  private static final Set<String> FILES_ONLY_THE_PROGRAM =
      Set.of("cidr-with-host-bits", "host-norway", "metallb-backwards", "port-octal");

  private static List<Object> pool() {
    var pool = new ArrayList<Object>();
    pool.addAll(
        List.of(
            "",
            " ",
            "a",
            "A",
            "7",
            "42",
            "0",
            "-1",
            "1.5",
            "65535",
            "65536",
            "1279",
            "1280",
            "9216",
            "9217",
            "64",
            "65",
            "x y",
            "a-b",
            "-a",
            "a-",
            "a_b",
            "a.b",
            ".",
            "..",
            "a..b",
            "localhost",
            "none",
            "secretbox",
            "slack",
            "https://packages.example/{minor}/deb/",
            "https://me:secret@packages.example/",
            "https://packages.example",
            "0123456789abcdef".repeat(3).substring(0, 40),
            "0123456789ABCDEF".repeat(3).substring(0, 41),
            "x".repeat(63),
            "x".repeat(64),
            "x".repeat(300),
            "ü",
            "a\u0007",
            "a\nb",
            "$HOME",
            "${HOME}",
            "$HOME/x",
            "~",
            "~/x",
            "~you/x",
            "./x",
            "../x",
            "/x",
            "/data/x",
            "/data/../etc",
            "/data/x/",
            "/etc",
            "/etc/x",
            "/home",
            "/home/x",
            "/dev/sdb",
            "/dev/disk/by-id/x",
            "10.0.0.1",
            "0.0.0.0",
            "127.0.0.1",
            "224.0.0.1",
            "239.1.2.3",
            "172.29.117.400",
            "1.2.3",
            "01.2.3.4",
            "1.2.3.4.5",
            "::",
            "::1",
            "fe80::1",
            "fe80::1%eth0",
            "fe80::1::2",
            "ff02::1",
            "fd00::/56",
            "1::2::3",
            "2001:db8:0:0:0:0:0:1",
            "1:2:3:4:5:6:7:8:9",
            "::ffff:10.0.0.1",
            "10.0.0.1:22",
            "a:22",
            "[fd00::1]:22",
            "http://a",
            "https://a.b/c",
            "https://u:p@a",
            "10.0.0.0/8",
            "10.0.0.0/33",
            "10.0.0.1/8",
            "10.0.0.0/08",
            "10.0.0.0/",
            "10.0.0.1-10.0.0.9",
            "10.0.0.1 - 10.0.0.9",
            "10.0.0.9-10.0.0.1",
            "10.0.0.1-fd00::1",
            "fd00::1-fd00::9",
            "v1.36.4+k3s1",
            "1.36.4",
            "1.36",
            "v1.36.4",
            "k3s",
            "kubeadm",
            "flannel",
            "calico",
            "worker",
            "Worker",
            "storage",
            "control-plane",
            "sudo",
            "doas",
            "strict",
            "accept-new",
            "mina",
            "jsch",
            "disabled",
            "replicated",
            "xfs",
            "10Gi",
            "1.5Gi",
            "Gi",
            "ReadWriteMany",
            "readwritemany",
            "a=b:NoSchedule",
            "a:NoSchedule",
            "a=b:Whatever",
            "a=b",
            "k.io/a=b:NoExecute",
            "user@host",
            "user@host:22",
            "user@10.0.0.300",
            "a,b",
            "a,,b",
            "example/p:v1",
            "*.a.b",
            "yes",
            "true",
            "On",
            "maybe",
            "${env:X}",
            "${env:X}y",
            "${env:1X}",
            "${envv:X}",
            "${file:/x}",
            "${file:}",
            "${cmd:[a, b]}",
            "${cmd:a}",
            "%",
            "a%b",
            "10s",
            "010m",
            "500ms",
            "1d",
            "0s",
            "000ms",
            "0d",
            "1w",
            "1000000s",
            "1m30s",
            "NumCPU",
            "80-79",
            "30000-32767/udp",
            "30000-65536"));
    pool.addAll(
        Arrays.asList(
            7, 0, -1, 64, 65, 1279, 1280, 9216, 9217, 65535, 65536, 1.5, true, false, null));
    pool.addAll(
        List.of(
            List.of(),
            List.of("a"),
            List.of("a", "b"),
            List.of("worker"),
            List.of("end"),
            List.of("10.0.0.0/8"),
            List.of(7),
            Map.of(),
            Map.of("a", "b"),
            Map.of("address", "a"),
            Map.of("unknown", "x"),
            Map.of("kubernetes.io/os", "x"),
            Map.of("a", List.of("a")),
            Map.of("A_B", "x")));
    return pool;
  }

  @Test
  void everyKeyTakesAndRefusesTheSameValuesInBoth() throws Exception {
    var differences = new TreeSet<String>();
    var taken = new LinkedHashSet<String>();
    for (var key : KEYS) {
      for (var value : pool()) {
        var document = with(key, value);
        var text = JSON.writeValueAsString(document);
        var byProgram = formIsTaken(text);
        if (byProgram) {
          taken.add(key);
        }
        var bySchema = SCHEMA.validate(text, InputFormat.JSON).isEmpty();
        if (bySchema ? !byProgram : byProgram && isTaken(text)) {
          differences.add(
              "%s: %s%s".formatted(key, value, byProgram ? " (the schema refuses it)" : ""));
        }
      }
    }
    assertThat(differences).isEqualTo(ONLY_THE_PROGRAM);
    assertThat(taken).as("a key that takes nothing shows nothing").containsAll(KEYS);
  }

  @Test
  void theSchemaRefusesEveryBrokenFileWhoseFormIsWrong() throws IOException {
    var unseen = new TreeSet<String>();
    for (var file : files(BROKEN)) {
      if (isYaml(file)
          && !formIsTaken(Files.readString(file, StandardCharsets.ISO_8859_1))
          && isTakenBySchema(file)) {
        unseen.add(file.getFileName().toString().replace(".yml", ""));
      }
    }
    assertThat(unseen).isEqualTo(new TreeSet<>(FILES_ONLY_THE_PROGRAM));
  }

  @Test
  void whatIsOddAndStillRightIsTakenByBoth() throws IOException {
    var files = new ArrayList<>(files(ODD));
    files.addAll(
        files(ExampleInventoriesTest.INVENTORIES).stream()
            .filter(it -> it.toString().endsWith(".yml"))
            .toList());
    assertThat(files).hasSizeGreaterThan(4);
    for (var file : files) {
      assertThat(formIsTaken(Files.readString(file))).as(file.toString()).isTrue();
      assertThat(isTakenBySchema(file)).as(file.toString()).isTrue();
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static boolean isTakenBySchema(Path file) throws IOException {
    try {
      return SCHEMA
          .validate(Files.readString(file, StandardCharsets.ISO_8859_1), InputFormat.YAML)
          .isEmpty();
    } catch (java.io.UncheckedIOException | IllegalArgumentException | StackOverflowError _) {
      return false; // is not YAML
    }
  }

  private static boolean isYaml(Path file) throws IOException {
    var problems = new Problems();
    var root = YamlReader.read(file.toString(), Files.readAllBytes(file), problems);
    return root.isPresent() && problems.isEmpty();
  }

  /** Whether the loader takes it as a whole. */
  private static boolean isTaken(String text) {
    try {
      LOADER.load(Path.of("/nowhere/i.yml"), text.getBytes(StandardCharsets.UTF_8));
      return true;
    } catch (InputRefused _) {
      return false;
    }
  }

  /** Whether the loader can bind it: its form is right, whatever holds between its keys. */
  private static boolean formIsTaken(String text) {
    var problems = new Problems();
    var root = YamlReader.read("i.yml", text.getBytes(StandardCharsets.UTF_8), problems);
    return root.flatMap(it -> BINDER.bind(InventoryDocument.class, it, problems)).isPresent()
        && problems.isEmpty();
  }

  /** What the items of these lists must have. */
  private static final Map<String, Map<String, Object>> ITEMS =
      Map.of(
          "volumes", Map.of("name", "v", "brick", "/data/v"),
          "persistent_volumes", Map.of("name", "v", "size", "1Gi"),
          "checks", Map.of("name", "v"),
          "before_drain", Map.of("command", List.of("x")),
          "after_return", Map.of("command", List.of("x")));

  /** An inventory that is right, with this value at this key; of a list it is the first. */
  private static Map<String, Object> with(String key, Object value) {
    var root = map();
    var hosts = map();
    var host = map();
    host.put("address", "a");
    hosts.put("a", host);
    root.put("hosts", hosts);
    if (key.startsWith("cluster.")) {
      var cluster = map();
      cluster.put("name", "c");
      cluster.put("distribution", "k3s");
      root.put("cluster", cluster);
    }
    var at = root;
    var parts = key.split("\\.");
    for (var part : Arrays.asList(parts).subList(0, parts.length - 1)) {
      at = below(at, part);
    }
    at.put(parts[parts.length - 1], value);
    return root;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> below(Map<String, Object> at, String part) {
    if (ITEMS.containsKey(part)) {
      var item = map();
      item.putAll(ITEMS.get(part));
      at.put(part, List.of(item));
      return item;
    }
    if (part.equals("notifications")) {
      var item = map();
      item.put("webhook", "${env:X}");
      at.put(part, List.of(item));
      return item;
    }
    var here = (Map<String, Object>) at.computeIfAbsent(part, _ -> map());
    if (part.equals("metallb")) {
      here.put("addresses", List.of("10.0.0.240-10.0.0.250"));
    }
    if (part.equals("encryption")) {
      here.put("provider", "secretbox");
    }
    if (part.equals("container_runtime")) {
      List.of("containerd", "runc", "cni_plugins").forEach(it -> here.put(it, "v1.7.0"));
    }
    if (part.equals("packages")) {
      here.put("repository", "https://packages.example/");
      here.put("key", "0123456789abcdef0123456789abcdef01234567");
    }
    return here;
  }

  private static Map<String, Object> map() {
    return new LinkedHashMap<>();
  }
}
