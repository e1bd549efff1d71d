package io.provision.steps.kubernetes.settings;

import io.provision.model.Cluster.Distribution;
import io.provision.section.Findings;
import io.provision.section.KnownFields;
import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import io.provision.section.Node.Scalar;
import io.provision.section.Node.Sequence;
import io.provision.section.Outline;
import io.provision.section.SecretWords;
import java.util.LinkedHashMap;
import java.util.TreeMap;

/**
 * What can be wrong with the settings of a program: fields that its version does not have, values
 * of another type, what is decided already, secrets in files that plans show.
 */
record ProgramChecks(ToldProgram program, Mapping settings, Outline outline, Findings findings) {
  /** The newest version of which the data files have the fields. */
  private static final int NEWEST = 36;

  private static final String OURS = "provision writes it. take it out.";

  void run() {
    outline
        .distribution()
        .ifPresent(it -> {
          if (outline.host().filter(host -> !host.isNode()).isPresent()) {
            outline.meaningless(
                program.key(), "on a host that is not a node of a cluster", findings);
          } else if (it.isKubernetes()) {
            of(it);
          } else if (outline.host().isEmpty()) {
            outline.meaningless(program.key(), "with distribution none", findings);
          }
        });
  }

  private void of(Distribution distribution) {
    secrets(settings);
    outline
        .version()
        .ifPresent(version -> {
          var declared = DeclaredPrograms.of(distribution);
          var later = declared.later(program.key(), version);
          if (later.isPresent()) {
            findings.add(
                settings.position(),
                "settings of %s need %s %s or later, and this is %s. take a later version, or %s."
                    .formatted(
                        program.name(),
                        distribution.name(),
                        later.get().version(),
                        version,
                        later.get().otherwise()));
          } else if (program.isOfHosts() && !declared.bringsContainerd()) {
            new HostContainerd().check(free(declared), findings);
          } else {
            fields(free(declared), version.minor());
          }
        });
  }

  /** All but those of which it is said that they are not to be set. */
  private Mapping free(DeclaredPrograms declared) {
    var decided = new TreeMap<>(declared.decided(program.key()));
    program.ours().forEach(it -> decided.put(it, OURS));
    var others = new LinkedHashMap<>(settings.entries());
    decided.forEach((key, remedy) -> {
      var entry = others.remove(key);
      if (entry != null) {
        findings.add(
            entry.key().position(),
            "'%s.%s' is not to be set: %s".formatted(program.key(), key, remedy));
      }
    });
    return new Mapping(others, settings.position());
  }

  private void fields(Mapping free, int minor) {
    new FieldChecks(
            program.name(),
            KnownFields.of(ProgramChecks.class, program.key().replace('_', '-')),
            Math.min(minor, NEWEST),
            minor <= NEWEST,
            findings)
        .run(free);
  }

  private void secrets(Node node) {
    switch (node) {
      case Mapping mapping -> mapping.entries().values().forEach(entry -> secrets(entry.value()));
      case Sequence(var items, var _) -> items.forEach(this::secrets);
      case Scalar scalar -> {
        if (SecretWords.isReference(scalar.text())) {
          findings.add(
              scalar.position(),
              "settings of %s are shown by plans, so that no secret can be in them. name a file on the host."
                  .formatted(program.name()));
        }
      }
    }
  }
}
