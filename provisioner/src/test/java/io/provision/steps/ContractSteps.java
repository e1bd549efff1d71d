package io.provision.steps;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Binder;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.load.playbook.PlaybookLoader;
import io.provision.load.yaml.Problems;
import io.provision.model.Inventory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Every step of the catalog as a playbook writes it, for the contract that all of them keep. */
final class ContractSteps {
  static final String CANARY = "canary-4711";

  /**
   * One step.
   *
   * @param written its parameters in YAML
   * @param contentWith why it may be in sync where nothing, or nonsense, was answered; empty where
   *     it may not
   */
  record Entry(String name, String written, String contentWith) {}

  private static final String READS = "it reads, and has no wanted state";
  private static final String NOTHING_LEFT = "what is not there need not be taken away";

  static final Map<String, Entry> ALL =
      List.of(
              content("absent", "[/srv/old]", NOTHING_LEFT),
              strict("calico", "{}"),
              strict("calico-manifest", "{}"),
              strict("calico-operator", "{}"),
              strict("clock-sync", "{}"),
              content("cluster-dns", "{}", "the status alone is the answer"),
              strict("command", "{ run: [/usr/local/bin/setup, 'a b'], creates: /srv/done }"),
              strict("container-runtime", "{}"),
              strict("dns-spread", "{}"),
              strict("directory", "{ path: /srv/data, mode: '0750' }"),
              strict("file", "{ path: /srv/f, secret: '${env:CANARY}' }"),
              strict("files", "{ path: /srv/there, source: files }"),
              strict("first-boot", "{}"),
              content("firewall", "{}", "no firewall is active"),
              strict("flannel", "{}"),
              strict("flannel-manifest", "{}"),
              strict("gluster-brick", "{}"),
              content("gluster-departures", "{}", NOTHING_LEFT),
              content("dead-repositories", "{}", READS),
              strict("gluster-directories", "{}"),
              strict("gluster-disk", "{}"),
              strict("gluster-drop-in", "{}"),
              strict("gluster-gate", "{}"),
              content("gluster-health", "{}", READS),
              strict("gluster-identity", "{}"),
              strict("gluster-mount", "{}"),
              content("gluster-names", "{}", NOTHING_LEFT),
              strict("gluster-online", "{}"),
              strict("gluster-persistent-volumes", "{}"),
              strict("gluster-pool", "{}"),
              strict("gluster-rebalance", "{}"),
              strict("gluster-server", "{}"),
              strict("gluster-storage-class", "{}"),
              content("gluster-trace", "{}", READS),
              content("gluster-unmount", "{}", NOTHING_LEFT),
              strict("gluster-volume", "{}"),
              strict("host-facts", "{}"),
              strict("hostname", "{}"),
              strict("hosts-entries", "[10.0.0.9 nas.home]"),
              strict("hosts-file", "{}"),
              strict("locale", "{}"),
              content("k3s-adoption", "{}", "no k3s of somebody else is there"),
              strict("k3s-agent", "{}"),
              strict("k3s-artifacts", "{}"),
              strict("k3s-binary", "{}"),
              strict("k3s-config", "{}"),
              strict("k3s-images", "{}"),
              content(
                  "node-preflight",
                  "{}",
                  "it refuses only what it saw to be short, and notes what it could not see"),
              strict("node-registered", "{}"),
              strict("nodes-ready", "{}"),
              strict("k3s-registries", "{}"),
              strict("k3s-server", "{}"),
              strict("k3s-settings", "{}"),
              content("k3s-settings-left", "{}", NOTHING_LEFT),
              strict("k3s-state", "{}"),
              strict("k3s-token", "{}"),
              content("add-ons-left", "{}", NOTHING_LEFT),
              content("add-ons-pinned", "{}", NOTHING_LEFT),
              strict("image-artifacts", "{}"),
              strict("node-images", "{}"),
              content("k3s-upgrade", "{}", "nothing older runs"),
              strict("kernel-modules", "{ modules: [br_netfilter] }"),
              strict("kube-vip", "{}"),
              content("kubeadm-adoption", "{}", "no node of somebody else is there"),
              strict("kubeadm-artifacts", "{}"),
              strict("kubeadm-certificate", "{}"),
              strict("kubeadm-config", "{}"),
              strict("kubeadm-control-plane", "{}"),
              strict("kubeadm-audit", "{}"),
              strict("encryption", "{}"),
              content("encryption-known", "{}", "none lives"),
              content("encryption-used", "{}", "none lives"),
              content("secrets-rewritten", "{}", "none lives"),
              strict("kubeadm-endpoint", "{}"),
              strict("kubeadm-programs", "{}"),
              strict("kubeadm-registries", "{}"),
              content("kubeadm-settings", "{}", "a node that is to come is made with them"),
              strict("kubeadm-state", "{}"),
              content("kubeadm-upgrade", "{}", "nothing older runs"),
              strict("kubeadm-worker", "{}"),
              strict("kubelet", "{}"),
              content("kubelet-certificate", "{}", "k3s gives a kubelet a new one at each start"),
              strict("kubeconfig", "{}"),
              strict("manifest", "{ file: demo.yml }"),
              strict("metallb-manifest", "{}"),
              strict("metallb", "{}"),
              strict("metallb-addresses", "{}"),
              strict("metallb-answers", "{}"),
              strict("metallb-pools", "{}"),
              content("node-address", "{}", "the inventory gives it"),
              content("node-certificates", "{}", "a node that is not there yet has none"),
              strict("node-departures", "{}"),
              strict("node-labels", "{}"),
              strict("node-reboot", "{}"),
              content("host-in-use", "{}", "a host that is not marked is in use"),
              content("hosts-present", "{}", READS),
              strict("host-reboot", "{}"),
              content("not-stopped", "{}", "nothing was stopped"),
              content("node-leaves", "{}", NOTHING_LEFT),
              content("node-wiped", "{}", NOTHING_LEFT),
              content("other-rebooters", "{}", READS),
              strict("packages", "[socat]"),
              content("pod-mtu", "{}", "pods of IPv4 do with whatever is left"),
              strict("pod-routes", "{}"),
              strict("reboot-if-required", "{}"),
              content("self-reboots", "{}", READS),
              strict("runtime-packages", "{}"),
              content("stopped-servers", "{}", READS),
              strict("swap-off", "{}"),
              strict("sysctl", "{ values: { vm.max_map_count: 262144 } }"),
              strict("timezone", "{}"),
              strict("template", "{ path: /srv/t, template: t.ftl }"),
              strict("unit", "{ name: demo.service }"),
              strict("user-kubeconfigs", "{}"),
              strict("user", "{ name: deploy, shell: /bin/bash, groups: [adm] }"))
          .stream()
          .collect(toMap(Entry::name, Function.identity()));

  private static final String INVENTORY =
      """
      cluster:
        name: lab
        distribution: k3s
        version: v1.36.4+k3s1
        storage:
          gluster:
            volumes:
              - { name: v, replica: 3, brick: /data/v, mount: /mnt/v, storage_class: v }
        load_balancer: { metallb: { addresses: [10.0.0.240-10.0.0.250] } }
        kubelet: { imageGCHighThresholdPercent: 80 }
        encryption: { provider: secretbox }
        audit: {}
        kubeconfig_users: [alice]
        registries:
          configs: { m.example.org: { auth: { username: u, password: "${env:CANARY}" } } }
        kubeconfig: { merge_into: /nonexistent/config, context: lab }
      timezone: Europe/Berlin
      locale: de_DE.UTF-8
      hosts:
        cp1: { address: 10.0.0.1, roles: [control-plane, storage] }
        w1: { address: 10.0.0.2, roles: [worker, storage], labels: { disk: ssd } }
        w2: { address: 10.0.0.3, roles: [worker, storage] }
      """;

  private ContractSteps() {}

  private static Entry strict(String name, String written) {
    return new Entry(name, written, "");
  }

  private static Entry content(String name, String written, String why) {
    return new Entry(name, written, why);
  }

  static Inventory inventory() {
    var source = INVENTORY.getBytes(StandardCharsets.UTF_8);
    return new InventoryLoader(surroundings(), Catalog.areas())
        .load(Path.of("inventory.yml"), source)
        .inventory();
  }

  /** The record, with the files that it names in this directory. */
  static Record bound(Entry entry, Path directory) throws java.io.IOException {
    Files.writeString(directory.resolve("t.ftl"), "${host.name}\n");
    Files.createDirectories(directory.resolve("files"));
    Files.writeString(directory.resolve("files/one"), "x");
    Files.writeString(
        directory.resolve("demo.yml"),
        "apiVersion: v1\nkind: Secret\nmetadata: { name: demo, namespace: a }\nstringData: { k: "
            + CANARY
            + " }\n");
    var problems = new Problems();
    var binder = new Binder(surroundings(), directory).giving(Catalog.given());
    var loader = new PlaybookLoader(Catalog.types(), binder);
    var text = "- hosts: all\n  steps:\n    - %s: %s\n".formatted(entry.name(), entry.written());
    var plays = loader.load("p.yml", text.getBytes(StandardCharsets.UTF_8), problems);
    var step = loader.bind(plays.getFirst().steps().getFirst(), problems);
    assertThat(problems.errors()).as(entry.name()).isEmpty();
    return step.orElseThrow();
  }

  private static Surroundings surroundings() {
    return new Surroundings(Map.of("CANARY", CANARY), Path.of("/nonexistent"));
  }
}
