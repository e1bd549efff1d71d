package io.provision.model;

import java.util.Set;

/**
 * What can be known of a distribution of Kubernetes by its name alone.
 *
 * @param pods addresses of pods, where the inventory names none
 * @param services addresses of services, where the inventory names none
 * @param versions how it writes its versions
 * @param traits in what it is not as others are
 * @param declared what it says of itself to areas that all distributions have, each in a type of
 *     the area's own, which this floor does not know
 */
public record Kubernetes(
    Cidr pods, Cidr services, VersionForm versions, Set<Trait> traits, Sections declared) {
  /** In what distributions differ for those who run something in a cluster of any of them. */
  public enum Trait {
    /** Flannel is no part of it: where that makes the network of pods, its images are brought. */
    NEEDS_FLANNEL,
    /**
     * It applies manifests of its own, one of which has a StorageClass, and keeps an Addon each.
     */
    HAS_ADDONS,
    /** Pods of its own forward packets, which a network of pods has to let them do. */
    FORWARDS_IN_PODS,
    /** Its control planes are labelled as ones that announce no addresses of services. */
    EXCLUDES_SERVERS_FROM_BALANCING,
    /** Its programs can come as packages of their publisher's repository. */
    HAS_PACKAGES,
    /** Its nodes run the containerd that their host has. */
    RUNS_HOST_CONTAINERD
  }

  /**
   * How versions are written.
   *
   * @param build a regular expression of what stands behind the three numbers
   * @param otherwise what is wrong where it does not match, and what to do, with %s for the example
   * @param example a whole version
   */
  public record VersionForm(String build, String otherwise, String example) {
    /** Whether a version is one of this form. */
    public boolean fits(Version version) {
      return version.build().matches(build);
    }

    /** What to say of a version that does not fit. */
    public String complaint() {
      return otherwise.formatted(example);
    }
  }

  public Kubernetes {
    traits = Set.copyOf(traits);
  }

  /** One that is to areas as any is. */
  public Kubernetes(Cidr pods, Cidr services, VersionForm versions, Set<Trait> traits) {
    this(pods, services, versions, traits, Sections.NONE);
  }
}
