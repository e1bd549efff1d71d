package io.provision.section;

import java.util.Map;

/**
 * What steps see of a section that hands free data to a program: they are among the settings of the
 * cluster, or of the host at which it stands.
 */
public interface FreeData {

  /** Its name there. */
  String program();

  /** In the order of the inventory: String, Long, BigDecimal, Boolean, List, Map and Secret. */
  Map<String, Object> values();
}
