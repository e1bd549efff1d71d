package io.provision.steps.kubernetes;

import io.provision.kube.ObjectStates.State;

/**
 * How a node is, by its Node object.
 *
 * @param kubelet its version; empty where it has not said so
 * @param why it is not Ready, or what else is to be known of it; may be empty
 */
public record NodeHealth(String name, boolean ready, String kubelet, String why) {

  public static NodeHealth of(State node) {
    var kubelet = Fields.text(Fields.map(node.status().get("nodeInfo")).get("kubeletVersion"));
    var condition =
        Fields.maps(node.status().get("conditions")).stream()
            .filter(each -> "Ready".equals(each.get("type")))
            .findFirst();
    if (condition.isEmpty()) {
      return new NodeHealth(node.name(), false, kubelet, "its kubelet has not reported yet");
    }
    if (!"True".equals(condition.get().get("status"))) {
      return new NodeHealth(node.name(), false, kubelet, Fields.reason(condition.get()));
    }
    var cordoned = Boolean.TRUE.equals(node.spec().get("unschedulable"));
    return new NodeHealth(node.name(), true, kubelet, cordoned ? "cordoned" : "");
  }
}
