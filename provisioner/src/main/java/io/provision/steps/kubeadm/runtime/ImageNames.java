package io.provision.steps.kubeadm.runtime;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.regex.Pattern;

/** Which images a version of Kubernetes asks for. */
final class ImageNames {
  private static final ShellFunction NAMES =
      new ShellFunction(
          "look_kubeadm_images",
          """
          for program in /usr/local/bin/kubeadm /usr/bin/kubeadm; do
            [ -x "$program" ] || continue
            # another one answers as well, with what its own version asks for
            [ "$(timeout 30 "$program" version -o short </dev/null 2>/dev/null | head -c 100)" = "$1" ] || continue
            timeout 30 "$program" config images list --kubernetes-version "$1" |
              head -n 50 | head -c 10000
            return
          done
          return 0\
          """);

  /** A name of an image has at most 255 characters, and a tag 128. */
  private static final int LONGEST = 400;

  private static final Pattern IMAGE =
      Pattern.compile(
          "[a-z0-9][a-z0-9.-]*(:\\d+)?(/[a-z0-9._-]+)+:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  private static final Kind<List<String>> LIST = Kind.single(NAMES, ImageNames::names);

  private ImageNames() {}

  /** The images of this version, as its kubeadm names them; none before it is there. */
  static Question<List<String>> of(Target target) {
    return Question.of(LIST, Nodes.version(target).toString());
  }

  private static List<String> names(Frame frame) {
    return frame
        .output()
        .lines()
        .filter(line -> line.length() < LONGEST && IMAGE.matcher(line).matches())
        .toList();
  }
}
