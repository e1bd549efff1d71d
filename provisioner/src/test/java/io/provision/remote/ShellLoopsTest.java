package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What keeps a loop in a shell function from going on for ever, read out of its text. */
final class ShellLoopsTest {
  private static final Map<String, ShellFunction> ALL = AllFunctions.byName();

  /**
   * A loop over lines ends with its input; every other one must count, shift, or shorten a path.
   */
  private static final Pattern LOOP =
      Pattern.compile("^\\s*(?:while|until)\\b(?! (?:IFS=\\S* )?read ).*$", Pattern.MULTILINE);

  private static final Pattern COUNTED =
      Pattern.compile(
          "\\$\\(\\(\\w+ [-+] 1\\)\\)|\\bshift\\b|\\*/\\*\\) \\w+=\\$\\{\\w+%/\\*}"
              + "|\\$\\{#\\w+}\" -l[te] \\d+");

  private static final Pattern ASSIGNED =
      Pattern.compile("(?m)(?:^|[\\s;(&|])([a-z_]\\w*)=|\\bfor (\\w+)\\b");

  @Test
  void everyLoopHasABound() {
    var unbounded = new ArrayList<String>();
    for (var function : ALL.values()) {
      LOOP.matcher(function.body())
          .results()
          .filter(loop -> !COUNTED.matcher(rest(function.body(), loop.start())).find())
          .forEach(loop -> unbounded.add(function.name() + ": " + loop.group().strip()));
    }
    assertThat(unbounded).isEmpty();
  }

  /** From the loop to its {@code done}, as deep as it stands itself. */
  private static String rest(String body, int start) {
    var text = body.substring(start);
    var indent = text.substring(0, text.length() - text.stripLeading().length());
    var margin = indent.substring(indent.lastIndexOf('\n') + 1);
    var end = Pattern.compile("(?m)^" + margin + "done\\b").matcher(text);
    return end.find() ? text.substring(0, end.start()) : text;
  }

  /**
   * Variables are global in a POSIX shell: a callee that counts in the caller's never lets it end.
   */
  @Test
  void noFunctionOverwritesTheCounterOfOneThatCallsIt() {
    var counter = Pattern.compile("([a-z_]\\w*)=\\$\\(\\(\\1 [-+] 1\\)\\)");
    var overwritten = new ArrayList<String>();
    for (var function : ALL.values()) {
      var counters = new TreeSet<String>();
      counter.matcher(function.body()).results().forEach(found -> counters.add(found.group(1)));
      counters.retainAll(assignedBelow(function));
      counters.forEach(name -> overwritten.add(function.name() + " counts in " + name));
    }
    assertThat(overwritten).isEmpty();
  }

  private static Set<String> assignedBelow(ShellFunction function) {
    var names = new TreeSet<String>();
    for (var used : function.uses()) {
      ASSIGNED
          .matcher(used.body())
          .results()
          .forEach(found -> names.add(found.group(1) == null ? found.group(2) : found.group(1)));
      names.addAll(assignedBelow(used));
    }
    return names;
  }
}
