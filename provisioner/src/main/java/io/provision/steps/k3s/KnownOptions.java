package io.provision.steps.k3s;

import io.provision.model.Position;
import io.provision.model.Version;
import io.provision.section.DidYouMean;
import io.provision.section.Findings;
import io.provision.section.KnownFields;
import io.provision.section.KnownFields.Kind;
import io.provision.section.Node.Entry;
import java.util.List;

/** Says which options this k3s does not have: one that it does not know is a line in its log. */
record KnownOptions(Version version, Findings findings) {
  /** The versions of which the list is whole. */
  private static final int OLDEST = 35;

  private static final int NEWEST = 36;

  /**
   * @param mayBeServer whether options of servers are any good there
   */
  void check(List<Entry> options, boolean mayBeServer) {
    var known = KnownFields.of(KnownOptions.class, "options");
    var minor = Math.min(version.minor(), NEWEST);
    for (var entry : options) {
      var option = OptionName.option(entry.key().text());
      var at = entry.key().position();
      var found = known.find(option, minor);
      if (found.isEmpty()) {
        unknown(at, option, known.below("", minor));
      } else if (found.get().kind() == Kind.SERVER && !mayBeServer) {
        findings.add(
            at,
            "'%s' is an option of servers, and this host is an agent. take it out."
                .formatted(option));
      }
    }
  }

  private void unknown(Position at, String option, List<String> names) {
    var said =
        "k3s has no option '%s', and would skip it.%s"
            .formatted(option, DidYouMean.sentence(option, names));
    if (version.minor() >= OLDEST && version.minor() <= NEWEST) {
      findings.add(at, said);
    } else {
      findings.warn(at, said);
    }
  }
}
