package io.provision.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.playbook.PlaybookAssembler;
import io.provision.remote.ShellFunction;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a step asks of a host has no command in it that changes anything. */
final class QuestionsWriteNothingTest {
  private static final String WHERE =
      "(?:^|[;|&({]|\\b(?:then|do|else|try|if|timeout \\d+)\\s|!\\s)\\s*";

  /** A command that changes what it is given, where a command can stand. */
  private static final Pattern CHANGING =
      Pattern.compile(
          WHERE
              + "(?:(?:rm|rmdir|mv|cp|ln|mkdir|mktemp|touch|chmod|chown|chattr|install|tee|truncate"
              + "|dd of=\\S+|sync|mount|umount|swapoff|swapon|modprobe|wipefs|mkfs\\S*|useradd"
              + "|usermod|hostnamectl|apt-get|dnf|kill|write_file)(?=\\s+[^|)\\s])"
              + "|systemctl\\s+(?:start|stop|restart|enable|disable|mask|unmask|daemon-reload)\\b"
              + "|sysctl\\s+(?:-\\S+\\s+)*-[wp]\\b|sed\\s+-i\\b"
              + "|gluster\\s.*\\b(?:start|stop|create|delete|set|probe|detach)\\b)",
          Pattern.MULTILINE);

  /** A file that is opened to write; {@code >&2} and the like are none. */
  private static final Pattern WRITTEN =
      Pattern.compile("(?<![-=<])>{1,2}\\s*(?!&|/dev/(?:null|tcp|udp))[\"$]?[/$\"{]\\S*");

  /** What lies under a mount is seen through a bind mount that ends with the look. */
  private static final String IN_ITS_OWN_NAMESPACE = "look_gluster_mount: mount";

  @TempDir Path directory;

  @Test
  void noQuestionOfAnyStepHasACommandThatWrites() throws IOException {
    var functions = new HashMap<String, ShellFunction>();
    for (var entry : ContractSteps.ALL.values()) {
      var step = ContractSteps.bound(entry, directory);
      if (PlaybookAssembler.targetOf(step.getClass()) == Target.OnHost.class) {
        asked(step, functions);
      }
    }
    assertThat(functions).hasSizeGreaterThan(30);
    var wrong = new TreeSet<String>();
    functions.values().forEach(function -> wrong.addAll(writes(function)));
    assertThat(wrong).containsExactly(IN_ITS_OWN_NAMESPACE);
  }

  /** The control: what repairs is seen to write. */
  @Test
  void theRuleSeesWhatWrites() {
    for (var body :
        new String[] {
          "echo x >\"$1\"",
          "echo x >>/etc/x",
          "if rm -f -- \"$1\"; then :; fi",
          "a=$(mktemp /tmp/x)",
          "[ -e x ] || mkdir -p \"$1\"",
          "for u do systemctl stop -- \"$u\"; done",
          "timeout 30 umount \"$1\""
        }) {
      assertThat(writes(new ShellFunction("f", body))).as(body).isNotEmpty();
    }
    for (var body : new String[] {"echo x >&2", "x 2>/dev/null", "[ a -gt 1 ]", "cat <\"$1\""}) {
      assertThat(writes(new ShellFunction("f", body))).as(body).isEmpty();
    }
  }

  @SuppressWarnings("unchecked") // asked only where the step is for hosts
  private static void asked(Record record, Map<String, ShellFunction> functions) {
    var inventory = ContractSteps.inventory();
    for (var host : inventory.hosts()) {
      ((Step<Target.OnHost>) record)
          .probes(new Target.OnHost(host, inventory)).questions().stream()
              .map(Question::kind)
              .forEach(kind -> collect(kind.function(), functions));
    }
  }

  private static void collect(ShellFunction function, Map<String, ShellFunction> functions) {
    functions.put(function.name(), function);
    function.uses().forEach(used -> collect(used, functions));
  }

  private static TreeSet<String> writes(ShellFunction function) {
    var found = new TreeSet<String>();
    for (var pattern : new Pattern[] {CHANGING, WRITTEN}) {
      pattern
          .matcher(function.body())
          .results()
          .forEach(match -> found.add(function.name() + ": " + match.group().strip()));
    }
    return found;
  }
}
