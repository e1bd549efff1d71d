package io.provision.steps.kubernetes.settings;

import java.util.Map;

/**
 * What the inventory hands to a program as it is written, at the cluster or at a host: a section,
 * or what steps find of one. {@link Overrides} puts both places together.
 */
public interface FreeData {

  /** The key at which it stands. */
  String key();

  /** In the order of the inventory: String, Long, BigDecimal, Boolean, List, Map and Secret. */
  Map<String, Object> values();
}
