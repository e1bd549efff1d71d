package io.provision.steps.gluster.declared;

import io.provision.section.Key;
import io.provision.section.ObjectName;
import io.provision.section.Source;
import io.provision.steps.gluster.declared.VolumeGrammar.AccessMode;
import io.provision.steps.gluster.declared.VolumeGrammar.Size;
import io.provision.steps.gluster.declared.VolumeGrammar.SubPath;
import java.util.List;
import java.util.Optional;

/** A directory of a volume that Kubernetes knows by a name, as it is written. */
record PersistentVolumeSection(
    Source source,
    @Key("The name of the PersistentVolume.") Optional<ObjectName> name,
    @Key("What Kubernetes believes it to hold, such as 10Gi.") Optional<Size> size,
    @Key(
            value = "The directory below the mount; its name where nothing is said.",
            usual = "its name")
        Optional<SubPath> path,
    @Key("The class by which claims find it; none where nothing is said.")
        Optional<ObjectName> storageClass,
    @Key(
            value = "How nodes may mount it; ReadWriteMany where nothing is said.",
            usual = "ReadWriteMany")
        Optional<List<AccessMode>> accessModes) {
  static final List<String> REQUIRED = List.of("name", "size");

  GlusterVolume.Declared settled() {
    var called = name.orElseThrow().value();
    return new GlusterVolume.Declared(
        called,
        size.orElseThrow().value(),
        path.map(SubPath::value).orElse(called),
        storageClass.map(ObjectName::value).orElse(""),
        accessModes
            .map(modes -> modes.stream().map(AccessMode::value).toList())
            .orElse(List.of("ReadWriteMany")));
  }
}
