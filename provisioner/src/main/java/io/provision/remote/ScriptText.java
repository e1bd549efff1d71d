package io.provision.remote;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * The text that goes to a host: constant functions, then one line a call, whose values are quoted
 * words. Each call runs in a shell of its own and its output is framed by a random marker, so that
 * neither banners nor the output itself can be taken for something else.
 */
final class ScriptText {
  private static final String HEAD =
      """
      set -u
      umask 077
      LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
      export LC_ALL PATH
      """;

  /**
   * What every function may call; nothing in it depends on values. {@code try COMMAND...} runs a
   * command, returns what it returned, and tells what was run and how it ended, which {@link Ran}
   * reads; {@code ran CODE COMMAND...} tells it of one that was run otherwise. A wait says every
   * second that it is alive, so that it ends when nobody listens any more.
   */
  static final String HELPERS =
      """
      say() { printf '\\n@@%s say %s\\n' "$marker" "$*"; }
      typed() {
      typed=
      for word do
      case $word in
      k3s_kubectl | node_kubectl) typed="$typed kubectl" ;;
      '' | *[!A-Za-z0-9_./:=@%+,~^-]*) typed="$typed '$word'" ;;
      *) typed="$typed $word" ;;
      esac
      done
      printf %s "$typed" | tr '\\n\\r' '  '
      }
      ran() {
      ran_code=$1; shift
      printf '\\n@@%s ran %s%s\\n' "$marker" "$ran_code" "$(typed "$@")" >&2
      return "$ran_code"
      }
      try() {
      printf '\\n@@%s try%s\\n' "$marker" "$(typed "$@")" >&2
      "$@" || ran "$?" "$@"
      }
      wait_for() {
      wait_left=$1 wait_began=$(date +%s); wait_end=$((wait_began + $1)); shift
      until ("$@") >/dev/null 2>&1 </dev/null; do
      [ "$?" != 69 ] || return 69
      wait_left=$((wait_left - 1))
      [ "$wait_left" -gt 0 ] && [ "$(date +%s)" -lt "$wait_end" ] || return 1
      printf '\\n@@%s beat\\n' "$marker" || return 1
      sleep 1
      done
      }
      """;

  /** What each process of a look can have, in KiB; kubectl takes a tenth of it. */
  private static final int MEMORY = 1 << 20;

  private final String marker;
  private final Map<String, ShellFunction> functions = new LinkedHashMap<>();
  private final StringBuilder calls = new StringBuilder();

  ScriptText(String marker) {
    this.marker = marker;
  }

  /**
   * A question: reads nothing, and what it complains about is nobody's business. A program that
   * prints without end into a variable must not take the host's memory with it.
   */
  ScriptText look(Call call) {
    return framed("(ulimit -S -d %d; %s) </dev/null 2>/dev/null".formatted(MEMORY, line(call)));
  }

  /** Something to do; where it fails the rest is left out. */
  ScriptText repair(Script script, List<PayloadStream> payloads) {
    var variables = new StringJoiner(" ", "", " ");
    for (var i = 0; i < payloads.size(); i++) {
      variables.add(payloads.get(i).variables(i + 1));
    }
    var input = payloads.isEmpty() ? " </dev/null" : "";
    calls.append(
        "printf '\\n@@%s repair\\n' \"$marker\" >&2\n"); // what is printed before is not its word
    framed("(" + (payloads.isEmpty() ? "" : variables + "; ") + line(script.call()) + ")" + input);
    calls.append("[ \"$status\" = 0 ] || return 0\n");
    return this;
  }

  /**
   * Waits on the host; a status of {@link Session.Wait#HOPELESS} ends that at once. Where it was in
   * vain, the second call says why and the rest is left out.
   */
  ScriptText await(java.time.Duration deadline, Call until, Call evidence) {
    var line =
        "(wait_for %d %s) </dev/null 2>/dev/null".formatted(deadline.toSeconds(), line(until));
    framed(line);
    calls.append("if [ \"$status\" != 0 ]; then\n");
    framed("(" + line(evidence) + ") </dev/null 2>&1");
    calls.append("return 0\nfi\n");
    return this;
  }

  /**
   * The text of another shell, which a function of a script starts: its first argument is the
   * marker of that script.
   */
  static String inner(Call call) {
    var text = new ScriptText("$1");
    var line = text.line(call);
    return text.begin() + line + "\n";
  }

  String text() {
    return begin()
        + ("main() {\nprintf '\\n@@%s start\\n' \"$marker\"\n" + calls + "}\nmain\n")
        + "printf '\\n@@%s done\\n' \"$marker\"\n";
  }

  private String begin() {
    var body =
        functions.values().stream()
            .map(function -> function.name() + "() {\n" + function.body() + "\n}\n")
            .collect(Collectors.joining());
    return HEAD + ("marker=" + marker + "\n") + HELPERS + body;
  }

  private ScriptText framed(String command) {
    calls
        .append("printf '\\n@@%s begin\\n' \"$marker\"\n")
        .append(command)
        .append("\nstatus=$?\nprintf '\\n@@%s end %s\\n' \"$marker\" \"$status\"\n");
    return this;
  }

  private String line(Call call) {
    declare(call.function());
    var words = new StringJoiner(" ").add(call.function().name());
    call.arguments().forEach(argument -> words.add(Quote.word(argument)));
    return words.toString();
  }

  private void declare(ShellFunction function) {
    function.uses().forEach(this::declare);
    var other = functions.putIfAbsent(function.name(), function);
    if (other != null && !other.equals(function)) {
      throw new IllegalStateException("two shell functions are called " + function.name());
    }
  }
}
