package io.provision.console;

import io.provision.console.text.Visible;
import io.provision.model.Secret;
import java.io.Console;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Asks on the process's own terminal. */
record TerminalOperator(Console console) implements Operator {

  /** Nobody, where standard input or output is no terminal. */
  static Operator standard() {
    var console = System.console();
    return console == null || !console.isTerminal()
        ? Operator.absent()
        : new TerminalOperator(console);
  }

  @Override
  public boolean present() {
    return true;
  }

  @Override
  public boolean agrees(List<String> shown, String question) {
    shown.forEach(line -> console.printf("%s%n", Visible.prose(line)));
    var answer = console.readLine("%s [y/N] ", Visible.prose(question));
    return answer != null && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
  }

  @Override
  public Optional<String> answer(List<String> shown, String question) {
    shown.forEach(line -> console.printf("%s%n", Visible.prose(line)));
    return Optional.ofNullable(console.readLine("%s: ", Visible.prose(question)))
        .map(String::strip)
        .filter(answer -> !answer.isEmpty());
  }

  @Override
  public Optional<Secret> password(String prompt) {
    var typed = console.readPassword("%s: ", Visible.prose(prompt));
    if (typed == null || typed.length == 0) {
      return Optional.empty();
    }
    var bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(typed));
    var value = new byte[bytes.remaining()];
    bytes.get(value);
    var secret = Secret.of(value);
    Arrays.fill(typed, '\0');
    Arrays.fill(bytes.array(), (byte) 0);
    Arrays.fill(value, (byte) 0);
    return Optional.of(secret);
  }
}
