package io.provision.steps.kubeadm.runtime;

import io.provision.model.Content;
import io.provision.model.Version;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Observations;
import io.provision.step.Target;
import java.util.List;
import java.util.Optional;

/** What a host says of its containerd. */
public final class RuntimeCases {
  private static final String SANDBOX = "registry.k8s.io/pause:3.10.2";

  private RuntimeCases() {}

  /** The same, of a host whose kubeadm does not name the images of the wanted version yet. */
  public static Observations withoutSandbox(Observations seen, Target.OnHost asked) {
    return seen.updated(new Observations.Builder().put(ImageNames.of(asked), List.of()).build());
  }

  /**
   * A containerd that is configured as one inventory has it, asked for another.
   *
   * @param has of whose inventory its configuration is
   * @param asked of whose inventory the questions are
   */
  public static Observations.Builder into(
      Observations.Builder seen, Target.OnHost has, Target.OnHost asked) {
    var version = Version.parse("v1.7.28");
    var file = new ContainerdConfig(has, version, SANDBOX).file();
    var content = (Content.Plain) file.content();
    var state =
        new FileState(
            FileState.Type.FILE,
            false,
            file.mode(),
            new FileState.Owner("root", "root", "0", "0"),
            content.bytes().length,
            Optional.of(content.sha256()),
            file.mode().equals(FileMode.PUBLIC) ? Optional.of(content) : Optional.empty());
    return seen.put(RuntimeLooks.CONTAINERD, Optional.of(version))
        .put(ForeignRuntime.QUESTION, ForeignRuntime.Said.NOTHING)
        .put(ImageNames.of(asked), List.of(SANDBOX))
        .put(Files.publicText(ContainerdConfig.PATH), state)
        .put(Files.at(ContainerRuntime.CHANGING), FileState.ABSENT);
  }
}
