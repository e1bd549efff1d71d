package io.provision.remote;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.provision.step.Kind;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every constant of one type in the program, found in its classes. */
final class AllFunctions {
  /** Reading all classes takes seconds. */
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.provision");

  private static final Map<String, ShellFunction> BY_NAME = read();

  private AllFunctions() {}

  /** Shell functions by their names, those included that others or questions use. */
  static Map<String, ShellFunction> byName() {
    return BY_NAME;
  }

  private static Map<String, ShellFunction> read() {
    var all = new TreeMap<String, ShellFunction>();
    constants(ShellFunction.class).forEach(function -> add(function, all));
    constants(Kind.class).forEach(kind -> add(kind.function(), all));
    return Collections.unmodifiableMap(all);
  }

  private static void add(ShellFunction function, Map<String, ShellFunction> all) {
    function.uses().forEach(used -> add(used, all));
    all.put(function.name(), function);
  }

  static <T> List<T> constants(Class<T> type) {
    var found = new ArrayList<T>();
    for (var each : CLASSES) {
      for (var field : each.reflect().getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) && type.isAssignableFrom(field.getType())) {
          found.add(type.cast(value(field)));
        }
      }
    }
    return found;
  }

  private static Object value(Field field) {
    try {
      field.setAccessible(true);
      return field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
