package io.provision.steps.kubernetes.apiserver;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the API server of a server is started with.
 *
 * @param holdsCluster whether a datastore lies there
 * @param isMade whether what starts it is there, and whole
 * @param options those that are about Secrets and the log, by their names
 */
public record ApiServerLook(boolean holdsCluster, boolean isMade, Map<String, String> options) {
  public ApiServerLook {
    options = Map.copyOf(options);
  }

  /**
   * Asks by a function of the distribution, which prints {@code member=yes}, {@code made=yes} and
   * {@code option NAME=VALUE}.
   */
  public static Question<ApiServerLook> by(ShellFunction function) {
    return Question.of(Kind.single(function, ApiServerLook::read));
  }

  /** Reads what such a function prints. */
  public static ApiServerLook read(Frame frame) {
    var options = new LinkedHashMap<String, String>();
    var lines = List.of(frame.output().split("\n"));
    for (var line : lines) {
      var words = line.split("[ =]", 3);
      if (words.length == 3 && words[0].equals("option")) {
        options.putIfAbsent(words[1], words[2]);
      }
    }
    return new ApiServerLook(lines.contains("member=yes"), lines.contains("made=yes"), options);
  }

  /** Whether there is a control plane whose settings stay as they are. */
  public boolean isLiving() {
    return holdsCluster && isMade;
  }

  public boolean encrypts() {
    return options.containsKey(EncryptionPlace.OPTION);
  }
}
