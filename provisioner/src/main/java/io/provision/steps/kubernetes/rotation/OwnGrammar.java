package io.provision.steps.kubernetes.rotation;

import io.provision.section.Form;
import io.provision.section.IpForm;
import io.provision.section.Text;
import java.net.URI;
import java.util.regex.Pattern;

/** The texts of a user's checks and hooks. */
final class OwnGrammar {
  private static final String SIGN = "[^\\u0000-\\u001f\\u007f-\\u009f]";

  private OwnGrammar() {}

  /** By what a check or a hook is told. */
  @Text(kind = "name for people, 80 characters at most", sample = "shop answers")
  record OwnName(String value) {
    static final Pattern GRAMMAR = Pattern.compile("(?![ '])" + SIGN + "{1,80}");

    OwnName {
      Form.required(GRAMMAR, value, "name: 80 characters at most, on one line");
    }
  }

  /** A URL without a login: what stands in an inventory is no secret. */
  @Text(kind = "URL by http or https, without a login", sample = "https://shop.example.org/healthz")
  record WebUrl(String value) {
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final String NAME =
        "(?=[A-Za-z0-9.-]{1,253}(:|/|\\?|$))(%s\\.)*[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
            .formatted(LABEL);
    private static final String PORT =
        "[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5]";
    private static final String REST = "([/?]([A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?";

    static final Pattern GRAMMAR =
        Pattern.compile(
            "https?://(%s|%s|\\[(%s)\\])(:(%s))?%s"
                .formatted(NAME, IpForm.V4, IpForm.V6, PORT, REST));

    private static final Pattern UNDERSCORE = Pattern.compile("https?://[^/?#]*_[^/?#]*([/?].*)?");
    private static final Pattern LOGIN = Pattern.compile("(?i)[a-z]+://[^/?#]*@.*");

    WebUrl {
      if (LOGIN.matcher(value).matches()) {
        throw new IllegalArgumentException(
            "a login does not belong in a URL, which is shown and kept. take what stands before '@'"
                + " out; where it is needed, ask by a 'command' that reads it from its own file");
      }
      if (UNDERSCORE.matcher(value).matches()) {
        throw new IllegalArgumentException(
            "the name of a host has no '_' in it (RFC 1123). write its address, or another name of"
                + " it");
      }
      Form.required(GRAMMAR, value, "URL: write http://HOST/PATH or https://HOST:PORT/PATH");
    }

    URI uri() {
      return URI.create(value);
    }
  }

  /** A status of HTTP; one below 200 is no answer yet (RFC 9110, 15.2). */
  @Text(kind = "status of HTTP, 200 to 599", sample = "204")
  record HttpStatus(int value) {
    static final int MIN = 200;
    static final int MAX = 599;
    static final String FORM = "[2-5]\\d\\d";

    static HttpStatus parse(String text) {
      return new HttpStatus(Form.number(text, MIN, MAX));
    }
  }

  /** A query in PromQL. */
  @Text(kind = "query in PromQL", sample = "sum(rate(http_requests_total{code=~\"5..\"}[5m]))")
  record PromQuery(String value) {
    static final Pattern GRAMMAR =
        Pattern.compile("[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]{1,4096}");

    PromQuery {
      Form.required(GRAMMAR, value, "query in PromQL");
    }
  }

  /** A limit of a value. */
  @Text(kind = "number", sample = "0.01")
  record Limit(String text) {
    static final Pattern GRAMMAR =
        Pattern.compile("-?\\d{1,15}(\\.\\d{1,15})?([eE][+-]?\\d{1,2})?");

    Limit {
      Form.required(GRAMMAR, text, "number: write 0.01, 5 or -3");
    }

    double value() {
      return Double.parseDouble(text);
    }
  }
}
