package io.provision.steps.doctor;

import io.provision.remote.Frame;
import java.util.ArrayList;
import java.util.List;

/**
 * What listens on a host for the others.
 *
 * @param pid of the process that does; empty where there is none
 * @param open ports that it listens on, such as {@code 8472/udp}
 * @param busy ports on which somebody else does
 * @param unusable ports on which nobody can, each with why
 * @param possible whether the host has what it takes to listen
 */
record Listening(
    String pid, List<String> open, List<String> busy, List<String> unusable, boolean possible) {
  Listening {
    open = List.copyOf(open);
    busy = List.copyOf(busy);
    unusable = List.copyOf(unusable);
  }

  static Listening read(Frame frame) {
    var pid = "";
    var open = new ArrayList<String>();
    var busy = new ArrayList<String>();
    var unusable = new ArrayList<String>();
    for (var line : frame.output().split("\n")) {
      var words = line.split(" ", 2);
      if (words.length == 2) {
        switch (words[0]) {
          case "pid" -> pid = words[1].matches("\\d{1,10}") ? words[1] : "";
          case "open" -> open.add(words[1]);
          case "busy" -> busy.add(words[1]);
          case "unusable" -> unusable.add(words[1]);
          default -> {} // what a shell says besides
        }
      }
    }
    return new Listening(
        pid, open, busy, unusable, frame.output().lines().noneMatch("without perl"::equals));
  }
}
