package io.provision.cli.rotation.pod;

import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.OwnPod;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.kube.ClusterException;
import io.provision.model.rotation.Rotation;
import java.util.List;

/**
 * That the node on which a pod of a rotation runs goes last, by a pod elsewhere: this one would end
 * with it. It happens once in a window: where the pod elsewhere finds that its own node wants a
 * reboot meanwhile, that one waits for the next.
 */
public record HandingOver(OwnPod pod, Rotation rotation) {

  /** Hands over, or says why not. */
  public void run(Context context) throws Refused {
    var display = context.display();
    if (pod.handedOver().isPresent()) {
      display.say(
          "%s wants a reboot, and this pod runs on it, to which %s has handed over: it waits for the next window"
              .formatted(pod.node(), pod.handedOver().get()));
      return;
    }
    if (rotation.isShut(context.now())) {
      display.say(
          "%s wants a reboot, and this pod runs on it; the window has closed: it waits for the next"
              .formatted(pod.node()));
      return;
    }
    try (var api = context.program().ownCluster()) {
      var job = new HandOver(pod).begin(api.work(), context.now());
      display.say(
          "%s is the last that wants a reboot, and this pod runs on it: handed over to job %s/%s, which runs elsewhere and reboots it"
              .formatted(pod.node(), pod.namespace(), job));
    } catch (ClusterException e) {
      throw new Refused(
          List.of(
              Problem.error(
                  "",
                  "%s wants a reboot, this pod runs on it, and it could not be handed over: %s. %s"
                      .formatted(pod.node(), e.what(), e.remedy()))),
          ExitCode.FAILED);
    }
  }
}
