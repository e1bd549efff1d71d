package io.provision.remote;

import io.provision.step.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every constant of one type in the program, found in its classes. */
final class AllFunctions {
  private static final Path COMPILED = Path.of("target/classes");

  private static final List<Class<?>> CLASSES = classes();

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

  private static List<Class<?>> classes() {
    try (var files = Files.walk(COMPILED)) {
      return files
          .map(file -> COMPILED.relativize(file).toString())
          .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
          .<Class<?>>map(file -> named(file.replaceFirst("\\.class$", "").replace('/', '.')))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Found, and initialised only once one of its constants is asked for. */
  private static Class<?> named(String name) {
    try {
      return Class.forName(name, false, AllFunctions.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  static <T> List<T> constants(Class<T> type) {
    var found = new ArrayList<T>();
    for (var each : CLASSES) {
      for (var field : each.getDeclaredFields()) {
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
