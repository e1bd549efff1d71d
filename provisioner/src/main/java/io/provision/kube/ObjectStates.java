package io.provision.kube;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an API says of the objects of one kind as they are now, or why it was not heard. */
public sealed interface ObjectStates {

  /**
   * The API answered.
   *
   * @param objects in the order of namespaces and names
   * @param all whether these are all; else there are more than were asked for
   */
  record Seen(List<State> objects, boolean all) implements ObjectStates {
    public Seen {
      objects = List.copyOf(objects);
    }
  }

  /**
   * There was no answer.
   *
   * @param why in words for people
   */
  record Unheard(String why) implements ObjectStates {}

  /** One object, as it is now. */
  record State(
      Optional<String> namespace,
      String name,
      Map<String, Object> spec,
      Map<String, Object> status) {
    public State {
      spec = Collections.unmodifiableMap(new LinkedHashMap<>(spec));
      status = Collections.unmodifiableMap(new LinkedHashMap<>(status));
    }

    /** Reads an object as the API gives it; what is not as it should be counts as not there. */
    public static State of(Map<String, Object> raw) {
      var metadata = RawObject.map(raw.get("metadata"));
      return new State(
          Optional.ofNullable(metadata.get("namespace")).map(String::valueOf),
          String.valueOf(metadata.getOrDefault("name", "?")),
          RawObject.map(raw.get("spec")),
          RawObject.map(raw.get("status")));
    }

    /** {@code namespace/name}, or the name. */
    public String title() {
      return namespace.map(it -> it + "/").orElse("") + name;
    }
  }
}
