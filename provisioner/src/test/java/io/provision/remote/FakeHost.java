package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * All shell functions of the program on a host that is a directory: programs are functions of the
 * shell, which all answer the same, and absolute paths lead below the directory, so that nothing of
 * this machine is touched.
 */
public final class FakeHost {
  private static final Map<String, ShellFunction> ALL = AllFunctions.byName();

  private static final Set<String> NO_PROGRAMS =
      Set.of(
          ("if then else elif fi for while until do done case esac in set unset shift return exit"
                  + " break continue trap eval exec export read cd command type umask wait local"
                  + " echo printf test true false times time hash let select function source readonly"
                  + " declare alias jobs say wait_for")
              .split(" "));

  /** Cuts short as ever what another program prints. */
  static final String HEAD = "/usr/bin/head \"$@\"";

  private FakeHost() {}

  /**
   * What a script begins with that calls the functions.
   *
   * @param answer how every program answers, as the body of a shell function
   */
  static String functions(Path root, String answer) {
    return functions(root, answer, Map.of("head", HEAD), ALL);
  }

  /**
   * The same with these functions.
   *
   * @param others how those answer that do not answer the same, by their names
   */
  static String functions(
      Path root, String answer, Map<String, String> others, Map<String, ShellFunction> all) {
    var text = new StringBuilder("LC_ALL=C PATH=").append(root.resolve("bin")).append('\n');
    text.append("export LC_ALL PATH; set -u; marker=m payload_1=1 payload_2=1 payload_3=1\n");
    text.append("ANSWER() { ").append(answer).append("; }\n");
    programs(all).forEach(name -> text.append(name).append("() { ANSWER; }\n"));
    others.forEach((name, body) -> text.append("%s() { %s; }\n".formatted(name, body)));
    text.append(inside(root, ScriptText.HELPERS.replace("| tr '\\n\\r' '  '", "")));
    all.values()
        .forEach(f ->
            text.append(f.name()).append("() {\n").append(inside(root, f.body())).append("\n}\n"));
    return text.toString();
  }

  /** Every word of the functions that could be a program; what only looks like one does no harm. */
  private static Set<String> programs(Map<String, ShellFunction> all) {
    var words = new HashSet<String>();
    var word = Pattern.compile("(?<![\\w$.-])[a-z][a-z0-9_]+(?![\\w=-])");
    all.values().forEach(f -> word.matcher(f.body()).results().forEach(m -> words.add(m.group())));
    words.removeAll(NO_PROGRAMS);
    words.removeAll(all.keySet());
    return words;
  }

  /**
   * The text with every absolute path of the host led below this directory; a socket of bash is
   * none.
   */
  public static String inside(Path root, String text) {
    return text.replaceAll(
        "(?<![\\w*.})\\]])/(etc|run|var|proc|sys|usr|lib|opt|root|home|tmp|boot|dev(?!/(?:null|tcp|udp)))(?=[/ \"'])",
        root + "/$1");
  }

  /** Files where functions look for some, with nonsense in them. */
  static void populate(Path root) throws IOException {
    var programs =
        List.of("apt-get", "dpkg-query", "firewall-cmd", "update-alternatives", "dpkg-deb");
    Files.createDirectories(root.resolve("bin"));
    for (var program : programs) {
      var file = root.resolve("bin").resolve(program);
      Files.writeString(file, "#!/bin/sh\necho garbage\n");
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
    for (var path :
        List.of(
            "etc/fstab",
            "etc/systemd/system/x.mount",
            "proc/mounts",
            "proc/swaps",
            "proc/self/mountinfo",
            "proc/1/stat",
            "proc/1/cmdline",
            "proc/1/fd/9",
            "run/provision/owner",
            "run/provision/apt.log",
            "var/lib/glusterd/peers/p",
            "var/lib/glusterd/vols/v/info",
            "var/lib/glusterd/vols/v/bricks/b",
            "var/run/gluster/vols/v/b.pid",
            "etc/rancher/k3s/config.yaml")) {
      var file = root.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "garbage / = 0 \n\n*\n-1 /a b c\n");
    }
  }
}
