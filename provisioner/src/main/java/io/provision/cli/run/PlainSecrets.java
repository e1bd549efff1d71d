package io.provision.cli.run;

import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.model.Secret;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * A plan holds the texts of inventory and playbook, and secrets by reference only; so does what a
 * cluster keeps of them. So neither can be made where one is written in plain, wherever that is.
 */
public final class PlainSecrets {
  private PlainSecrets() {}

  /**
   * @param what would hold it
   */
  public static void refuse(Inventory inventory, Playbook playbook, String what) throws Refused {
    for (var host : inventory.known()) {
      refuse(host, host.position(), "'%s'".formatted(host.name()), what);
    }
    if (inventory.cluster().isPresent()) {
      refuse(inventory.cluster().get(), inventory.cluster().get().position(), "the cluster", what);
    }
    for (var play : playbook.plays()) {
      var items =
          switch (play) {
            case Play.OnHosts(_, _, _, var own) -> own;
            case Play.OnCluster(_, var own) -> own;
            case Play.OnDesk(_, var own) -> own;
          };
      for (var item : items) {
        refuse(item.step(), item.ref().position(), "'%s'".formatted(item.ref().name()), what);
      }
    }
  }

  private static void refuse(Object holder, Position position, String name, String what)
      throws Refused {
    if (holds(holder)) {
      throw new Refused(
          position.toString(),
          "%s has a secret that is written in plain, and %s would hold it. write"
                  .formatted(name, what)
              + " ${env:NAME}, ${file:PATH} or ${cmd:[program, argument]}");
    }
  }

  private static boolean holds(Object value) {
    return switch (value) {
      case Secret secret -> !secret.isReference();
      case Optional<?> optional -> optional.map(PlainSecrets::holds).orElse(false);
      case Map<?, ?> map -> map.values().stream().anyMatch(PlainSecrets::holds);
      case Collection<?> all -> all.stream().anyMatch(PlainSecrets::holds);
      case Record record ->
          Arrays.stream(record.getClass().getRecordComponents())
              .anyMatch(component -> holds(component, record));
      default -> false;
    };
  }

  private static boolean holds(RecordComponent component, Record record) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      var value = accessor.invoke(record);
      return value != null && holds(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record can be read", e);
    }
  }
}
