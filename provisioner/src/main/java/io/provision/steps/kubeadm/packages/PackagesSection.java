package io.provision.steps.kubeadm.packages;

import io.provision.model.Kubernetes.Trait;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Outline;
import io.provision.section.Section;
import io.provision.section.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the inventory says below {@code cluster.packages}. */
public record PackagesSection(
    Source source,
    @Key(
            value =
                "The apt repository with the packages of Kubernetes; {minor} becomes the minor version, such as v1.36.",
            example = "\"https://packages.example/core:/stable:/{minor}/deb/\"")
        Optional<RepositoryAddress> repository,
    @Key(value = "The fingerprint of the key that the repository is signed by.")
        Optional<Fingerprint> key,
    @Key(
            value = "A file beside the inventory with that key, armored or not.",
            usual = "Release.key of the repository",
            example = "kubernetes.asc")
        Optional<Path> keyFile)
    implements Section {
  static final List<String> REQUIRED = List.of("repository", "key");

  /** A key has a few KiB. */
  private static final long LARGEST = 1 << 20;

  @Override
  public void check(Outline outline, Findings findings) {
    outline.onlyOfKubernetes("packages", source, findings);
    outline
        .distribution()
        .filter(it -> it.isKubernetes() && !it.has(Trait.HAS_PACKAGES))
        .ifPresent(it ->
            findings.add(
                source.position(),
                "'packages' is for distribution kubeadm: %s is one program that is sent. take it out."
                    .formatted(it.name())));
    keyFile
        .filter(file -> !isReadable(file))
        .ifPresent(file ->
            findings.add(
                source.at("key_file"),
                "there is no file %s of at most 1 MiB to read. put the key there, or take 'key_file' out."
                    .formatted(file)));
  }

  private static boolean isReadable(Path file) {
    try {
      return Files.isRegularFile(file) && Files.isReadable(file) && Files.size(file) <= LARGEST;
    } catch (IOException _) {
      return false;
    }
  }
}
