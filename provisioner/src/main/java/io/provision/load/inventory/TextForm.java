package io.provision.load.inventory;

import io.provision.load.bind.RecordShape;
import io.provision.load.inventory.Grammar.LabelKey;
import io.provision.load.inventory.Grammar.LabelValue;
import io.provision.model.Cidr;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.model.Secret;
import io.provision.model.SshAddress;
import io.provision.model.SshKey;
import io.provision.model.Taint;
import io.provision.model.Version;
import io.provision.section.IpForm;
import io.provision.section.Unquoted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a schema says of values that are written as one text: regular expressions in the dialect
 * that Java and ECMA-262 share. They say all that the loader refuses by a value's form, but for
 * host bits of a CIDR and the order of a range; {@code SchemaAgreementTest} holds the two together.
 */
final class TextForm {
  private static final String IPV4 = IpForm.V4;
  private static final String IPV6 = IpForm.V6;
  private static final String IP = "(" + IPV4 + "|" + IPV6 + ")";

  /** Any address and multicast, which are not one machine's. */
  private static final String ONE_MACHINE =
      "(?!0\\.0\\.0\\.0$|(22[4-9]|23\\d)\\.|[0:]+(%|$)|[fF]{2}\\w\\w:)";

  private static final String PORT =
      "[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5]";

  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final String LABEL_KEY =
      "([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";
  private static final String LABEL_VALUE = "([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?";

  /** No control characters but tab and new line. */
  private static final String ANY = "[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]";

  private static final String PATH = "(?!~[^/]|\\$)" + ANY + "+";

  private static final String REFERENCE =
      "\\$\\{env:\\s*[A-Za-z_]\\w*\\s*\\}"
          + "|\\$\\{file:\\s*(?!~[^/]|\\$)[^\\s}][\\s\\S]*\\}"
          + "|\\$\\{cmd:\\s*\\[[\\s\\S]+\\]\\s*\\}";

  private static final String SECRET =
      "(?!\\$\\w+$|\\$\\{\\w+\\}$|\\$\\{[A-Za-z]*:[\\s\\S]*\\}$)(?![\\s\\S]*\\$\\{(env|file|cmd):)[\\s\\S]*"
          + "|"
          + REFERENCE;

  private static final Map<Class<?>, String> WHOLE =
      Map.ofEntries(
          Map.entry(HostName.class, "(?!localhost$)(?=.{1,253}$)" + LABEL + "(\\." + LABEL + ")*"),
          Map.entry(
              SshAddress.class,
              "(?=.{1,253}$)"
                  + ONE_MACHINE
                  + "((?![0-9.]+$)[A-Za-z0-9_.%][A-Za-z0-9_.%-]*|"
                  + IPV4
                  + "|"
                  + IPV6
                  + "(%[A-Za-z0-9_.%-]*)?)"),
          Map.entry(NodeAddress.class, ONE_MACHINE + "(?!127\\.|[0:]*:0*1$)" + IP),
          Map.entry(
              Cidr.class,
              "(" + IPV4 + "/0*([12]?\\d|3[0-2])|" + IPV6 + "/0*(\\d\\d?|1[01]\\d|12[0-8]))"),
          Map.entry(Version.class, "v?\\d{1,4}\\.\\d{1,4}\\.\\d{1,4}([+-][0-9A-Za-z.+-]{1,60})?"),
          Map.entry(
              Taint.class,
              LABEL_KEY + "(=" + LABEL_VALUE + ")?:(NoSchedule|PreferNoSchedule|NoExecute)"),
          Map.entry(LabelKey.class, "(?!kubernetes\\.io/(hostname|os|arch)$)" + LABEL_KEY),
          Map.entry(LabelValue.class, LABEL_VALUE),
          Map.entry(Grammar.Endpoint.class, "(?![0-9.]+$)" + Grammar.Endpoint.NAME + "|" + IP),
          Map.entry(Grammar.TimeServer.class, "(?![0-9.]+$)" + Grammar.TimeServer.NAME + "|" + IP),
          Map.entry(Grammar.San.class, "(?![0-9.]+$)" + Grammar.San.NAME + "|" + IP),
          Map.entry(
              Grammar.Jump.class,
              Grammar.Jump.GRAMMAR
                  .pattern()
                  .replace(
                      "[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}|",
                      "(?![0-9.]+(:|,|$))[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}|" + IPV4 + "|")),
          Map.entry(Grammar.Port.class, PORT),
          Map.entry(Grammar.OpenPort.class, "(%1$s)(-(%1$s))?(/(tcp|udp))?".formatted(PORT)),
          Map.entry(Path.class, PATH),
          Map.entry(SshKey.class, "(?![\\s\\S]*\\$\\{(env|file|cmd):)(" + PATH + ")|" + REFERENCE),
          Map.entry(Secret.class, SECRET));

  private TextForm() {}

  /** The schema of a value of this type. */
  static Map<String, Object> schema(Class<?> type) {
    var pattern = pattern(type);
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", kinds(type, pattern));
    schema.put("pattern", "^(" + pattern + ")$");
    if (type == Grammar.Port.class || type == Grammar.OpenPort.class) {
      schema.put("minimum", Grammar.Port.MIN);
      schema.put("maximum", Grammar.Port.MAX);
    } else if (RecordShape.constant(type, "MIN").isPresent()) {
      schema.put("minimum", RecordShape.constant(type, "MIN").orElseThrow());
      schema.put("maximum", RecordShape.constant(type, "MAX").orElseThrow());
    } else if (!matches(pattern, "-1") && matches(pattern, "7")) {
      schema.put("minimum", matches(pattern, "0") ? 0 : 1);
    }
    return schema;
  }

  /** What YAML takes for a number is a text all the same to the loader, where its form allows. */
  private static Object kinds(Class<?> type, String pattern) {
    var kinds = new ArrayList<String>(List.of("string"));
    var isNumber = RecordShape.constant(type, "MIN").isPresent();
    if (isNumber || matches(pattern, "7") && matches(pattern, "42")) {
      kinds.add(matches(pattern, "1.5") ? "number" : "integer");
    }
    if (Unquoted.class.isAssignableFrom(type) || type == Secret.class) {
      kinds.add("boolean");
    }
    return kinds.size() == 1 ? kinds.getFirst() : kinds;
  }

  static String pattern(Class<?> type) {
    var whole = WHOLE.get(type);
    return whole == null ? grammar(type) : whole;
  }

  private static boolean matches(String pattern, String text) {
    return Pattern.matches("(" + pattern + ")", text);
  }

  /** What the type says of itself: all that a schema can say, or what the type holds it to. */
  private static String grammar(Class<?> type) {
    return RecordShape.constant(type, "FORM")
        .map(String.class::cast)
        .or(() -> RecordShape.constant(type, "GRAMMAR").map(it -> ((Pattern) it).pattern()))
        .orElseThrow(() -> new IllegalStateException("no grammar of " + type));
  }
}
