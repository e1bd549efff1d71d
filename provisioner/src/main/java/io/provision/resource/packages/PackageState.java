package io.provision.resource.packages;

/**
 * What dpkg says about a package.
 *
 * @param version empty where it is not installed whole
 * @param broken whether an installation was begun and not ended
 */
public record PackageState(String version, boolean held, boolean broken) {
  public static final PackageState ABSENT = new PackageState("", false, false);

  public boolean isInstalled() {
    return !version.isEmpty();
  }
}
