package io.provision.load.playbook;

import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.load.yaml.Problems;
import io.provision.model.Inventory;
import io.provision.step.Step;
import io.provision.step.Target;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Makes plays that can be run out of plays that were written. */
public final class PlaybookAssembler {
  private static final String LOCAL = "local";
  private static final String CLUSTER = "cluster";

  private final PlaybookLoader loader;
  private final Inventory inventory;
  private final Problems problems;
  private int index;

  public PlaybookAssembler(PlaybookLoader loader, Inventory inventory, Problems problems) {
    this.loader = loader;
    this.inventory = inventory;
    this.problems = problems;
  }

  public Playbook assemble(List<PlayDocument> documents) {
    return new Playbook(documents.stream().map(this::play).toList());
  }

  private Play play(PlayDocument document) {
    if (isMeant(document, LOCAL)) {
      return new Play.OnDesk(document.name(), items(document, Target.OnDesk.class));
    }
    if (isMeant(document, CLUSTER)) {
      return new Play.OnCluster(document.name(), items(document, Target.OnCluster.class));
    }
    var hosts = PlaybookLoader.hosts(document, inventory, problems);
    var serial = document.serial().map(each -> each.of(hosts.size())).orElse(0);
    return new Play.OnHosts(document.name(), hosts, serial, items(document, Target.OnHost.class));
  }

  /** Whether a play is for what is no host; none can be called so. */
  private boolean isMeant(PlayDocument document, String word) {
    var named = document.hosts().stream().map(PlayDocument.Selector::word).anyMatch(word::equals);
    if (!named) {
      return false;
    }
    if (document.hosts().size() > 1) {
      problems.add(
          document.position(),
          "'%s' is %s: give its steps a play of their own."
              .formatted(word, word.equals(LOCAL) ? "this machine" : "the cluster's API"));
    }
    return true;
  }

  private <T extends Target> List<Item<T>> items(PlayDocument document, Class<T> target) {
    var items = new ArrayList<Item<T>>();
    for (var step : document.steps()) {
      var ref = new StepRef(step.name(), index++, step.position());
      loader
          .bind(step, problems)
          .ifPresent(record -> {
            if (target.equals(targetOf(record.getClass()))) {
              items.add(new Item<>(ref, cast(record)));
            } else {
              problems.add(
                  step.position(), misplaced(step.name(), targetOf(record.getClass()), target));
            }
          });
    }
    return items;
  }

  private static String misplaced(String step, Class<?> right, Class<?> here) {
    var play =
        right == Target.OnDesk.class ? LOCAL : right == Target.OnCluster.class ? CLUSTER : "";
    if (!play.isEmpty()) {
      return "'%s' is a step for a play with 'hosts: %s'.".formatted(step, play);
    }
    return "'%s' is a step for hosts, not for the %s."
        .formatted(step, here == Target.OnDesk.class ? LOCAL : CLUSTER);
  }

  @SuppressWarnings("unchecked") // the step says itself which target it is for
  private static <T extends Target> Step<T> cast(Record record) {
    return (Step<T>) record;
  }

  /** Which target a step's class is for. */
  public static Class<?> targetOf(Class<?> step) {
    return find(step).orElseThrow(() -> new IllegalStateException("no step: " + step.getName()));
  }

  private static Optional<Class<?>> find(Class<?> step) {
    for (var type : step.getGenericInterfaces()) {
      if (type instanceof ParameterizedType parameterized
          && parameterized.getRawType() == Step.class) {
        return Optional.of((Class<?>) parameterized.getActualTypeArguments()[0]);
      }
    }
    return Arrays.stream(step.getInterfaces()).flatMap(it -> find(it).stream()).findFirst();
  }
}
