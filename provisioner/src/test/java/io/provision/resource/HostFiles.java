package io.provision.resource;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Probes;
import io.provision.step.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Files of a host below a throw-away root, and looks that find them there. */
public record HostFiles(Path root) {
  /** Writes a file and the directories that it lies in. */
  public void write(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
  }

  /** dash or what stands for it, bash and busybox, as far as they are here. */
  public static List<List<String>> shells() {
    return List.of(List.of("/bin/sh"), List.of("bash"), List.of("busybox", "sh")).stream()
        .filter(words ->
            List.of("/bin", "/usr/bin", "").stream()
                .anyMatch(at -> Files.isExecutable(Path.of(at + "/" + words.getFirst()))))
        .toList();
  }

  /** What a look says of the files below the root: each path that it opens leads there. */
  public <A> A look(
      List<String> shell, ShellFunction look, Function<Frame, A> read, List<String> asked) {
    var body = look.body().replaceAll("(?<=[ <])/(etc|var|run|usr|proc)/", root + "/$1/");
    var there =
        new ShellFunction("look_there", "set -- %s\n%s".formatted(String.join(" ", asked), body));
    var question = Question.of(Kind.single(there, read));
    return new LocalHost(root)
        .in(shell.toArray(String[]::new))
        .look(Probes.of(question))
        .of(question);
  }
}
