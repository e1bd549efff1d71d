package io.provision.engine;

import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.model.Position;
import io.provision.step.Check;
import io.provision.step.Need;
import io.provision.step.Output;
import io.provision.step.Provider;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Steps need what no step provides, or only a later one, or refuse what was declared: the playbook
 * cannot be carried out. Holds all of them.
 */
public final class TaskGraphRefused extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient List<Gap> gaps;

  /**
   * One need that cannot be met, or one refusal.
   *
   * @param position where the playbook names the step that has it
   */
  public record Gap(Position position, String what) {
    static Gap late(StepRef needing, StepRef providing, Output<?> output) {
      return new Gap(
          needing.position(),
          "'%s' needs '%s', which only '%s' provides, at %s: put that one before it"
              .formatted(needing.name(), output, providing.name(), providing.position()));
    }

    /**
     * @param targets all that are refused for the same reason
     */
    static Gap refused(StepRef step, Check.Refused refusal, List<TargetName> targets) {
      var first = targets.stream().limit(3).map(TargetName::toString).toList();
      return new Gap(
          step.position(),
          "%s%s: %s. %s"
              .formatted(
                  String.join(", ", first),
                  targets.size() > 3 ? " and %d more".formatted(targets.size() - 3) : "",
                  refusal.what(),
                  refusal.remedy()));
    }

    static Gap open(StepRef needing, Need need) {
      var whose =
          switch (need.of()) {
            case Provider.Hosts _ -> "";
            case Provider.Cluster _ -> " of the cluster";
            case Provider.Local _ -> " of this machine";
          };
      return new Gap(
          needing.position(),
          "'%s' needs '%s'%s, which no step of this playbook provides: name the step that does, before it"
              .formatted(needing.name(), need.output(), whose));
    }
  }

  TaskGraphRefused(List<Gap> gaps) {
    super(gaps.stream().map(Gap::what).collect(Collectors.joining("\n")));
    this.gaps = List.copyOf(gaps);
  }

  /** Never empty. */
  public List<Gap> gaps() {
    return gaps;
  }
}
