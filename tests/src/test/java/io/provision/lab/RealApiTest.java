package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What a real API server makes of our objects and of users': it fills in its defaults, also within
 * values that are one whole. Without a real k3s there is nothing to show.
 */
class RealApiTest {
  private static final String VOLUME =
      """
        storage:
          gluster:
            volumes:
              - name: shared
                kind: distributed
                brick: /var/lib/rancher/gluster/shared
                mount: /mnt/gluster/shared
                storage_class: gluster
                default_class: true
                persistent_volumes: [{ name: photos, size: 1Gi }]
            images: { provisioner: "rancher/local-path-provisioner:v0.0.36", helper: "rancher/mirrored-library-busybox:1.37.0" }
      """;

  @Test
  void everyObjectIsAppliedOnceAndWhatOthersAddToAWholeValueIsSeen() {
    Assumptions.assumeTrue(K3s.isAtHand(), "no real k3s at hand");
    try (var lab = Lab.of(1)) {
      var k3s = K3s.forLab(lab);
      System.out.println("RealApiTest: with " + k3s.called());
      inventory(lab, k3s);
      lab.write("objects.yml", Checkout.resource("objects.yml"));
      lab.write(
          "play.yml",
          Checkout.text(Checkout.file("playbooks/k3s.yml"))
              + """

              - name: objects of users
                hosts: cluster
                steps:
                  - manifest: { file: objects.yml }
              """);

      lab.provision().json("apply", "cluster.yml", "--playbook", "play.yml").exits(0);
      var before = versions(lab);
      var again = lab.provision().json("apply", "cluster.yml", "--playbook", "play.yml").exits(0);
      assertThat(again.total("changed")).as("%s", again).isZero();
      assertThat(versions(lab)).as("objects in the API, untouched").isEqualTo(before);

      lab.node(1)
          .sh(
              "k3s kubectl -n mine patch networkpolicy np --type=merge -p"
                  + " '{\"spec\":{\"podSelector\":{\"matchLabels\":{\"added\":\"here\"}}}}'");
      var patched = versions(lab);
      var plan = lab.provision().json("plan", "cluster.yml", "--playbook", "play.yml").exits(1);
      assertThat(plan.text())
          .contains(
              "NetworkPolicy mine/np: .spec.podSelector.matchLabels belongs to kubectl-patch");
      lab.write(
          "taking.yml",
          Checkout.text(lab.file("play.yml"))
              .replace("file: objects.yml", "file: objects.yml, take_over: true"));
      var taking = lab.provision().json("plan", "cluster.yml", "--playbook", "taking.yml").exits(0);
      assertThat(taking.text()).contains("NetworkPolicy mine/np", "added: here");
      assertThat(versions(lab)).as("a plan only asks").isEqualTo(patched);
    }
  }

  /**
   * Of everything that was declared: by what the API counts changes, and when it last took ours.
   */
  private static String versions(Lab lab) {
    return lab.node(1)
        .sh(
            "k3s kubectl get ns,deploy,ds,sts,cj,svc,netpol,ing,pdb,secret,cm,quota,limits,sa,role,"
                + "rolebinding,clusterrole,clusterrolebinding,pc,sc,crd,pv -A -o"
                + " jsonpath='{range .items[?(@.metadata.managedFields[0].manager==\"provision\")]}"
                + "{.kind}/{.metadata.name} {.metadata.generation}"
                + " {.metadata.managedFields[?(@.manager==\"provision\")].time}{\"\\n\"}{end}'"
                + " | sort");
  }

  private static void inventory(Lab lab, K3s k3s) {
    lab.write(
        "cluster.yml",
        lab.cluster(
                "cluster.yml",
                k3s.artifacts(),
                k3s.version(),
                "  n1: { address: %s, roles: [control-plane, storage] }"
                    .formatted(lab.node(1).address()))
            .replace("{endpoint}", lab.node(1).address())
            .replace("artifacts:", VOLUME.stripTrailing() + "\nartifacts:"));
  }
}
