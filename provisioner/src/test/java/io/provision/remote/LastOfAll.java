package io.provision.remote;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/** What asks what the others have done comes after them. */
public final class LastOfAll implements ClassOrderer {
  private static final Set<Class<?>> ORDERED = new HashSet<>();

  /** The test classes of this run. */
  static Set<Class<?>> classes() {
    return Set.copyOf(ORDERED);
  }

  @Override
  public void orderClasses(ClassOrdererContext context) {
    List<? extends ClassDescriptor> all = context.getClassDescriptors();
    all.forEach(each -> ORDERED.add(each.getTestClass()));
    context
        .getClassDescriptors()
        .sort(
            (one, two) -> Boolean.compare(isLast(one.getTestClass()), isLast(two.getTestClass())));
  }

  private static boolean isLast(Class<?> type) {
    return type == EveryFunctionIsRunTest.class;
  }
}
