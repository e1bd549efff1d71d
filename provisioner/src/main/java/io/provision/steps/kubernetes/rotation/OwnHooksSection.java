package io.provision.steps.kubernetes.rotation;

import io.provision.model.rotation.Hook;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Source;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The hooks of the user's as they are written. */
record OwnHooksSection(
    Source source,
    @Key(
            "Run once a host is out of use and before its pods are evicted, in this order; the first that fails has it given back.")
        Optional<List<OwnHookSection>> beforeDrain,
    @Key(
            "Run once a host is given back, all of them, also where it was not rebooted after all; one that fails stops the rotation.")
        Optional<List<OwnHookSection>> afterReturn) {

  void check(Findings findings) {
    Stream.of(beforeDrain, afterReturn)
        .flatMap(Optional::stream)
        .flatMap(List::stream)
        .forEach(it -> it.check(findings));
    if (Stream.of("before_drain", "after_return").allMatch(it -> source.itemsAt(it).isEmpty())
        && beforeDrain.or(() -> afterReturn).filter(it -> !it.isEmpty()).isEmpty()) {
      findings.add(
          source.position(),
          "there is no hook in it. write 'before_drain' or 'after_return', or take it out.");
    }
  }

  List<Hook> settled(Optional<List<OwnHookSection>> hooks) {
    return hooks.orElse(List.of()).stream().map(OwnHookSection::settled).toList();
  }
}
