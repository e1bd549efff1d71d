package io.provision.remote;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/** Orders nothing: writes down which test classes are run, for whoever comes after all of them. */
public final class ClassesRun implements ClassOrderer {
  private static final Path FILE = TestsRun.file("classes");

  /** The names of the test classes of this run, of all its processes. */
  static Set<String> names() throws IOException {
    return new HashSet<>(TestsRun.lines("classes"));
  }

  @Override
  public void orderClasses(ClassOrdererContext context) {
    List<? extends ClassDescriptor> all = context.getClassDescriptors();
    TestsRun.append(
        FILE, all.stream().map(each -> each.getTestClass().getName()).collect(Collectors.toSet()));
  }
}
