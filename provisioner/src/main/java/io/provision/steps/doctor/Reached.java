package io.provision.steps.doctor;

import io.provision.remote.Frame;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a host could reach of others.
 *
 * @param states by address and port, such as {@code 10.0.0.2 8472/udp}: {@code reached}, {@code
 *     refused}, {@code silent}, or {@code failed} with a reason
 * @param packets by address, how large packets were that did not pass, and the largest that did
 */
record Reached(Map<String, String> states, Map<String, Packets> packets) {
  /**
   * Of the way to an address, in bytes.
   *
   * @param tried what the interface would send
   * @param passes the largest that arrives; empty where none was found
   */
  record Packets(int tried, Optional<Integer> passes) {
    boolean allPass() {
      return passes.filter(it -> it >= tried).isPresent();
    }
  }

  Reached {
    states = Map.copyOf(states);
    packets = Map.copyOf(packets);
  }

  static Reached read(Frame frame) {
    var states = new LinkedHashMap<String, String>();
    var packets = new LinkedHashMap<String, Packets>();
    for (var line : frame.output().split("\n")) {
      var words = line.split(" ", 3);
      if (words.length == 3 && words[1].equals("mtu")) {
        if (words[2].matches("\\d{1,6} \\d{1,6}")) {
          var sizes = words[2].split(" ");
          var passes = Integer.parseInt(sizes[1]);
          packets.put(
              words[0],
              new Packets(
                  Integer.parseInt(sizes[0]),
                  passes == 0 ? Optional.empty() : Optional.of(passes)));
        }
      } else if (words.length == 3 && words[2].matches("(reached|refused|silent|failed.*)")) {
        states.put(words[0] + " " + words[1], words[2]);
      }
    }
    return new Reached(states, packets);
  }

  String of(String address, String port) {
    return states.getOrDefault(address + " " + port, "");
  }
}
