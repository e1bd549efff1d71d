package io.provision.load.bind;

import io.provision.section.SectionEntry;
import io.provision.step.Given;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What binding knows besides the types of a record.
 *
 * @param given what the program gives to components of these types
 * @param sections those of areas, for whatever place
 * @param choices of a value type of one text, the only words that it can be
 * @param foreign by the type, a sentence for each word that is none of it and is known all the same
 */
record Vocabulary(
    Map<Class<?>, Given> given,
    List<SectionEntry> sections,
    Map<Class<?>, List<String>> choices,
    Map<Class<?>, Map<String, String>> foreign) {
  static final Vocabulary NONE = new Vocabulary(Map.of(), List.of(), Map.of(), Map.of());

  Vocabulary {
    given = Map.copyOf(given);
    sections = List.copyOf(sections);
    choices = Map.copyOf(choices);
    foreign = Map.copyOf(foreign);
  }

  Vocabulary giving(Collection<Given> more) {
    var all = new HashMap<>(given);
    more.forEach(each -> all.put(each.getClass(), each));
    return new Vocabulary(all, sections, choices, foreign);
  }

  Vocabulary with(List<SectionEntry> areas) {
    return new Vocabulary(given, areas, choices, foreign);
  }

  Vocabulary choosing(Class<?> type, List<String> words) {
    var all = new HashMap<>(choices);
    all.put(type, List.copyOf(words));
    return new Vocabulary(given, sections, all, foreign);
  }

  Vocabulary explaining(Map<Class<?>, Map<String, String>> words) {
    return new Vocabulary(given, sections, choices, words);
  }
}
