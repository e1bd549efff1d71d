package io.provision.steps.kubernetes.settings;

import io.provision.model.Content;
import io.provision.resource.FileState;
import io.provision.resource.ManagedFile;
import io.provision.step.Check;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Fields of a kubelet that pods of it were made by: one that is given another one does not start
 * (its state is of the other policy), or does not know its pods any more.
 */
public final class KubeletStays {
  /** What the kubelet reads. */
  public static final String CONFIG = "/var/lib/kubelet/config.yaml";

  private static final List<String> FIELDS =
      List.of("cgroupDriver", "cpuManagerPolicy", "memoryManagerPolicy", "staticPodPath");

  private KubeletStays() {}

  /**
   * Why a node that lives does not get what is wanted.
   *
   * @param record what it was given; where there is none, its configuration tells, as far as the
   *     inventory says anything
   */
  public static Optional<Check> refusal(ManagedFile wanted, FileState record, FileState config) {
    var should = ((Content.Plain) wanted.content()).text();
    for (var field : FIELDS) {
      var to = field(field, should);
      var is = text(record).or(() -> to.isEmpty() ? Optional.of("") : text(config));
      var from = is.map(text -> field(field, text));
      if (from.isPresent() && !from.get().equals(to)) {
        return Optional.of(
            new Check.Refused(
                "'%s' of the kubelet is another (%s, was %s): pods that run there were made by it"
                    .formatted(field, shown(to), shown(from.get())),
                "take the node out with 'provision remove', then let it join again; or set it back"));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> text(FileState state) {
    return state.text().map(Content.Plain::text);
  }

  /** The whole of a field of the first level, as it is written; empty where it is not there. */
  private static String field(String name, String text) {
    var found =
        Pattern.compile("(?m)^%s:(.*(?:\n[ -].*)*)".formatted(Pattern.quote(name))).matcher(text);
    return found.find() ? found.group(1).strip() : "";
  }

  private static String shown(String value) {
    return value.isEmpty() ? "unset" : value;
  }
}
