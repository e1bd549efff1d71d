package io.provision.steps.storage;

import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.model.Cluster;
import io.provision.model.Sha256;
import io.provision.render.Template;
import io.provision.resource.ManifestText;
import io.provision.steps.gluster.declared.GlusterStorage;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.mount.GlusterMount;
import io.provision.steps.kubernetes.addon.AddOn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The objects behind the storage classes of a cluster's volumes. */
final class ClassObjects {
  static final String NAMESPACE = "gluster-storage";
  private static final String PART_OF = "gluster-storage";

  /** Our objects, whatever volume they are of. */
  static final String SELECTOR =
      "%s=%s,%s=%s".formatted(AddOn.BY, Manifest.MANAGER, AddOn.PART, PART_OF);

  private static final Template SPACE = Template.of("storage/namespace.yaml.ftl");
  private static final Template CLASS = Template.of("storage/gluster-class.yaml.ftl");
  private static final Template VOLUME = Template.of("storage/persistent-volume.yaml.ftl");

  private ClassObjects() {}

  private record Space(String namespace) {}

  /** What the templates see of a class. */
  private record Model(
      String namespace,
      String name,
      String label,
      String storageClass,
      boolean isDefault,
      String provisioner,
      String mount,
      String sentinel,
      String provisionerImage,
      String helperImage,
      String configDigest) {}

  /** What the templates see of a declared volume. */
  private record VolumeModel(
      String label,
      String name,
      String storageClass,
      String size,
      String path,
      List<String> accessModes,
      List<String> hosts) {}

  /** Whether an object has the labels of ours. */
  static boolean isOurs(LiveObject live) {
    return live.label(AddOn.BY).equals(Optional.of(Manifest.MANAGER))
        && live.label(AddOn.PART).equals(Optional.of(PART_OF));
  }

  /** The names of what is made for a class, in its namespace and outside. */
  static Set<String> partsOf(String storageClass) {
    return Set.of(provisionerOf(storageClass), "provision:" + provisionerOf(storageClass));
  }

  private static String provisionerOf(String storageClass) {
    return storageClass + "-provisioner";
  }

  /** What classes need in common and each of its own, in the order in which they are applied. */
  static List<Manifest> classes(Cluster cluster) {
    var manifests = new ArrayList<Manifest>();
    for (var volume : GlusterStorage.of(cluster).volumes()) {
      if (volume.storageClass().isPresent()) {
        if (manifests.isEmpty()) {
          manifests.addAll(ManifestText.rendered(SPACE, new Space(NAMESPACE)));
        }
        manifests.addAll(ManifestText.rendered(CLASS, model(cluster, volume)));
      }
    }
    return manifests;
  }

  /** The declared volumes. */
  static List<Manifest> volumes(Cluster cluster) {
    var manifests = new ArrayList<Manifest>();
    for (var volume : GlusterStorage.of(cluster).volumes()) {
      for (var declared : volume.persistentVolumes()) {
        var model =
            new VolumeModel(
                volume.name(),
                declared.name(),
                declared.storageClass(),
                declared.size(),
                volume.mount().orElseThrow() + "/" + declared.path(),
                declared.accessModes(),
                volume.mountOn().stream().map(Object::toString).toList());
        manifests.addAll(ManifestText.rendered(VOLUME, model));
      }
    }
    return manifests;
  }

  private static Model model(Cluster cluster, GlusterVolume volume) {
    var storageClass = volume.storageClass().orElseThrow();
    var model =
        new Model(
            NAMESPACE,
            provisionerOf(storageClass),
            volume.name(),
            storageClass,
            volume.defaultClass(),
            "provision.io/" + storageClass.toLowerCase(Locale.ROOT),
            volume.mount().orElseThrow(),
            GlusterMount.SENTINEL,
            GlusterStorage.of(cluster).images().provisioner(),
            GlusterStorage.of(cluster).images().helper(),
            "");
    return model(model, digest(model));
  }

  private static Model model(Model it, String digest) {
    return new Model(
        it.namespace,
        it.name,
        it.label,
        it.storageClass,
        it.isDefault,
        it.provisioner,
        it.mount,
        it.sentinel,
        it.provisionerImage,
        it.helperImage,
        digest);
  }

  /** Of the config map as it is rendered. */
  private static String digest(Model model) {
    var data =
        ManifestText.rendered(CLASS, model).stream()
            .filter(manifest -> manifest.ref().kind().equals("ConfigMap"))
            .map(manifest -> String.valueOf(manifest.content().get("data")))
            .findFirst()
            .orElseThrow();
    return Sha256.of(data.getBytes(StandardCharsets.UTF_8)).brief();
  }
}
