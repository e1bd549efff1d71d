package io.provision.steps.os;

import io.provision.model.NodeAddress;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The addresses that a host has.
 *
 * @param own on interfaces that are not made by containers, pods or a packet filter
 * @param devices the interfaces of those
 * @param mtus the largest packet that each of these interfaces takes, in bytes
 * @param route the one that the default route leaves from
 */
record HostAddresses(
    List<NodeAddress> own,
    Map<NodeAddress, String> devices,
    Map<String, Integer> mtus,
    Optional<NodeAddress> route) {
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_addresses",
          """
          ip -o addr show scope global
          ip -o link show
          echo "route $(ip -4 -o route show default | head -n 1)"
          return 0\
          """);

  /** Interfaces of container engines, network plugins, kube-proxy and MetalLB. */
  private static final Pattern FOREIGN =
      Pattern.compile(
          "(docker|br-|veth|virbr|cni|flannel|cali|tunl|vxlan|kube-|nodelocaldns|lxc|cilium).*|lo");

  private static final Question<HostAddresses> QUESTION =
      Question.of(Kind.single(LOOK, HostAddresses::read));

  HostAddresses {
    own = List.copyOf(own);
    devices = Map.copyOf(devices);
    mtus = Map.copyOf(mtus);
  }

  static Question<HostAddresses> question() {
    return QUESTION;
  }

  static HostAddresses read(Frame frame) {
    var own = new ArrayList<NodeAddress>();
    var devices = new HashMap<NodeAddress, String>();
    var mtus = new HashMap<String, Integer>();
    var byDevice = new java.util.LinkedHashMap<String, NodeAddress>();
    Optional<NodeAddress> route = Optional.empty();
    for (var line : frame.output().split("\n")) {
      var words = line.strip().split("\\s+");
      if (words[0].equals("route")) {
        route =
            after(words, "src")
                .flatMap(HostAddresses::parse)
                .or(() -> after(words, "dev").map(byDevice::get));
      } else if (words.length > 3 && words[2].startsWith("<")) {
        after(words, "mtu")
            .filter(it -> it.matches("[0-9]{1,9}"))
            .ifPresent(it -> mtus.putIfAbsent(device(words), Integer.valueOf(it)));
      } else if (words.length > 3 && words[2].startsWith("inet")) {
        var device = device(words);
        parse(words[3].split("/", 2)[0])
            .filter(_ -> !FOREIGN.matcher(device).matches())
            .filter(_ -> !line.contains(" temporary ") && !line.contains(" deprecated "))
            .ifPresent(address -> {
              own.add(address);
              devices.putIfAbsent(address, device);
              if (!address.isIpv6()) {
                byDevice.putIfAbsent(device, address);
              }
            });
      }
    }
    mtus.keySet().retainAll(devices.values());
    return new HostAddresses(own, devices, mtus, route);
  }

  /** As {@code ip} names it: with what it hangs on, and before the rest of a line. */
  private static String device(String[] words) {
    return words[1].split("[@:]", 2)[0];
  }

  private static Optional<String> after(String[] words, String word) {
    for (var i = 0; i + 1 < words.length; i++) {
      if (words[i].equals(word)) {
        return Optional.of(words[i + 1]);
      }
    }
    return Optional.empty();
  }

  private static Optional<NodeAddress> parse(String text) {
    try {
      return Optional.of(NodeAddress.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
