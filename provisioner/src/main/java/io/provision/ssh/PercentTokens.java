package io.provision.ssh;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The percent tokens and <code>${VARIABLES}</code> of ssh_config(5). */
final class PercentTokens {
  private final Map<Character, String> values;
  private final Map<String, String> environment;

  PercentTokens(Map<Character, String> values, Map<String, String> environment) {
    this.values = values;
    this.environment = environment;
  }

  /**
   * The text with every token replaced.
   *
   * @throws IllegalArgumentException for a token nobody knows: OpenSSH refuses these too
   */
  String expand(String text) {
    var out = new StringBuilder();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '%') {
        at++;
        out.append(token(text, at));
      } else if (c == '$' && text.startsWith("${", at)) {
        int end = text.indexOf('}', at);
        if (end < 0) {
          throw new IllegalArgumentException("'%s' has no closing '}'".formatted(text));
        }
        out.append(variable(text.substring(at + 2, end)));
        at = end;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private String token(String text, int at) {
    var token = at < text.length() ? text.charAt(at) : ' ';
    if (token == '%') {
      return "%";
    }
    return Optional.ofNullable(values.get(token))
        .orElseThrow(() ->
            new IllegalArgumentException("'%s' has the unknown token %%%s".formatted(text, token)));
  }

  private String variable(String name) {
    return Optional.ofNullable(environment.get(name))
        .orElseThrow(
            () -> new IllegalArgumentException("the variable %s is not set".formatted(name)));
  }

  /** Tokens that all keywords have in common: ssh_config(5), TOKENS. */
  static Map<Character, String> names(
      Workstation here, String asked, String hostName, String user, int port) {
    var names = new LinkedHashMap<Character, String>();
    names.put('h', hostName);
    names.put('k', hostName);
    names.put('n', asked);
    names.put('p', String.valueOf(port));
    names.put('r', user);
    names.put('u', here.user());
    names.put('d', here.home().toString());
    return names;
  }
}
