package io.provision.lab;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * A secret that must turn up nowhere: found as it is, quoted, escaped, encoded, and within what was
 * packed.
 */
final class Canary {
  private static final Pattern PACKED = Pattern.compile("H4sI[A-Za-z0-9+/]{20,}={0,2}");

  private final Map<String, String> forms = new LinkedHashMap<>();

  Canary(String secret) {
    var bytes = secret.getBytes(StandardCharsets.UTF_8);
    forms.put("raw", secret);
    forms.put("shell", secret.replaceAll("([^A-Za-z0-9_./ü-])", "\\\\$1"));
    forms.put("double quotes", secret.replaceAll("([\"$`\\\\])", "\\\\$1"));
    forms.put("json", secret.replace("\\", "\\\\").replace("\"", "\\\""));
    forms.put("json, ASCII", ascii(secret.replace("\\", "\\\\").replace("\"", "\\\"")));
    forms.put("url", URLEncoder.encode(secret, StandardCharsets.UTF_8));
    forms.put("url, blanks", URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20"));
    forms.put("hex", HexFormat.of().formatHex(bytes));
    for (var before = 0; before < 3; before++) {
      forms.put("base64 after " + before, base64(bytes, before));
    }
  }

  /** The forms in which it is there. */
  List<String> in(byte[] bytes) {
    return in(new String(bytes, StandardCharsets.UTF_8));
  }

  List<String> in(String text) {
    var found = new ArrayList<String>();
    forms.forEach((name, form) -> {
      var at = text.indexOf(form);
      if (at >= 0) {
        found.add(name + ": ..." + text.substring(Math.max(0, at - 80), at + form.length()));
      }
    });
    PACKED.matcher(text).results().forEach(packed -> found.addAll(in(unpacked(packed.group()))));
    return found;
  }

  /** What every encoding has of it, whatever stands before and behind. */
  private static String base64(byte[] bytes, int before) {
    var padded = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, padded, before, bytes.length);
    var whole = Base64.getEncoder().withoutPadding().encodeToString(padded);
    var first = before == 0 ? 0 : before + 1;
    var last = padded.length % 3 == 0 ? whole.length() : whole.length() - 1;
    return whole.substring(first, last);
  }

  private static String ascii(String text) {
    var result = new StringBuilder();
    for (var each : text.toCharArray()) {
      result.append(each < 0x7f ? String.valueOf(each) : "\\u%04X".formatted((int) each));
    }
    return result.toString();
  }

  /** Empty where it was packed by nobody, or is cut off. */
  private static byte[] unpacked(String base64) {
    try (var in =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(base64)))) {
      return in.readAllBytes();
    } catch (IOException | IllegalArgumentException _) {
      return new byte[0];
    }
  }
}
