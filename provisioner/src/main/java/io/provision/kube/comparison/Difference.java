package io.provision.kube.comparison;

import java.util.Set;

/**
 * One field that differs.
 *
 * @param path as conflict messages write it, for example {@code .spec.replicas}
 * @param others who else set it
 * @param ours whether we did
 */
public record Difference(String path, Set<String> others, boolean ours) {}
