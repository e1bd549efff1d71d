package io.provision.model.rotation;

import java.util.Optional;

/**
 * What whoever types a rotation allows, and wants besides.
 *
 * @param withoutRoom that nodes go too whose pods have no room on any other
 * @param withoutApi that control planes go too without which there is no API
 * @param update what is run on each host before its reboot
 */
public record RotationChoice(boolean withoutRoom, boolean withoutApi, Optional<HostUpdate> update) {
  /** Nothing of it. */
  public static final RotationChoice NONE = new RotationChoice(false, false, Optional.empty());
}
