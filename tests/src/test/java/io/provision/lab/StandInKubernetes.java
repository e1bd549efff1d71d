package io.provision.lab;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What an artifact directory holds for a cluster of kubeadm, without anything real: kubeadm,
 * kubelet and kubectl are one strict script, the images have nothing in them, and flannel's
 * manifest has one object of each kind.
 */
final class StandInKubernetes {
  static final String VERSION = "v1.36.2";
  private static final String FLANNEL = "v0.28.9";

  private StandInKubernetes() {}

  /** Puts all of it into the artifact directory of a lab. */
  static void putInto(Lab lab) {
    putInto(lab, VERSION);
  }

  /** The same of another version. */
  static void putInto(Lab lab, String version) {
    var place = "kubernetes/%s/%s/".formatted(version, StandIn.architecture());
    var program = StandIn.program("kubernetes", version);
    for (var name : List.of("kubeadm", "kubelet", "kubectl")) {
      StandIn.put(lab, place + name, program);
    }
    images(lab, place + "images.tar", version);
    sums(lab, place);
    lab.write(
        "artifacts/flannel/%s/any/kube-flannel.yml".formatted(FLANNEL),
        Checkout.resource("kube-flannel.yml"));
    sums(lab, "flannel/%s/any/".formatted(FLANNEL));
  }

  /** The same without the programs: nodes get these elsewhere. */
  static void imagesInto(Lab lab, String version) {
    putInto(lab, version);
    var place = "kubernetes/%s/%s/".formatted(version, StandIn.architecture());
    for (var name : List.of("kubeadm", "kubelet", "kubectl")) {
      Commands.run("rm", lab.file("artifacts/" + place + name).toString());
    }
    sums(lab, place);
  }

  /**
   * An archive as {@code docker save} writes it: images of these names, all with one empty file.
   */
  private static void images(Lab lab, String place, String version) {
    try {
      var folder = Files.createDirectories(lab.file("images"));
      Files.writeString(folder.resolve("nothing"), "");
      tar(folder, "layer.tar", "nothing");
      var layer = StandIn.digest(Files.readAllBytes(folder.resolve("layer.tar")));
      Files.writeString(
          folder.resolve("config.json"),
          """
          {"architecture":"%s","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}\
          """
              .formatted(StandIn.architecture(), layer));
      var names = new ArrayList<String>();
      Commands.run(
              lab.file("artifacts/" + place).resolveSibling("kubeadm").toString(),
              "config",
              "images",
              "list",
              "--kubernetes-version",
              version)
          .lines()
          .forEach(names::add);
      Files.writeString(
          folder.resolve("manifest.json"),
          """
          [{"Config":"config.json","RepoTags":%s,"Layers":["layer.tar"]}]\
          """
              .formatted(new JsonMapper().writeValueAsString(names)));
      tar(
          folder,
          lab.file("artifacts/" + place).toString(),
          "manifest.json",
          "config.json",
          "layer.tar");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sums(Lab lab, String place) {
    var folder = lab.file("artifacts/" + place);
    var list =
        Commands.run(
            "sh", "-c", "cd \"$1\" && rm -f sha256sum.txt && sha256sum *", "-", folder.toString());
    lab.write("artifacts/" + place + "sha256sum.txt", list);
  }

  private static void tar(Path folder, String archive, String... files) {
    var words = new ArrayList<>(List.of("tar", "-C", folder.toString(), "-cf"));
    words.add(folder.resolve(archive).toString());
    words.addAll(List.of(files));
    Commands.run(words.toArray(String[]::new));
  }
}
