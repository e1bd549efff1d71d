package io.provision.steps.kubernetes.settings;

import java.util.List;

/**
 * A program that the inventory has settings of.
 *
 * @param key of the inventory
 * @param name as people call it
 * @param ours fields that are not the operator's in any distribution
 * @param isOfHosts whether each host has its own where the distribution does not bring it: what it
 *     may be told depends on its version then
 */
record ToldProgram(String key, String name, List<String> ours, boolean isOfHosts) {
  /** One of Kubernetes' own, which is told by an object. */
  static ToldProgram ofKubernetes(String key, String name) {
    return new ToldProgram(key, name, List.of("apiVersion", "kind"), false);
  }
}
