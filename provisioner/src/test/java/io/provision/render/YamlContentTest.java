package io.provision.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.model.Secret;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

final class YamlContentTest {
  @Test
  void whatIsWrittenIsReadBackAsItWas() {
    var values = new LinkedHashMap<String, Object>();
    values.put("word", "plain");
    values.put(
        "traps", List.of("no", "1.30", "0600", "22:22", "~", " x", "it's \"so\"\n# not", "$(x)"));
    values.put("nested", Map.of("answer", 42, "yes", true));

    var text = ((Content.Plain) YamlContent.of("# header\n", values)).text();

    assertThat(text).startsWith("# header\nword: plain\ntraps:\n  - ");
    assertThat(new Yaml().<Object>load(text)).isEqualTo(values);
  }

  @Test
  void oneSecretMakesTheWholeSensitiveAndIsNotAskedForBeforeItIsWritten() {
    var asked = new boolean[1];
    var secret =
        Secret.from(
            "${env:X}",
            () -> {
              asked[0] = true;
              return "hush".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            });
    var content = YamlContent.of("", Map.of("auth", List.of(Map.of("password", secret))));

    assertThat(content).isInstanceOf(Content.Sensitive.class);
    assertThat(content.toString()).doesNotContain("hush");
    assertThat(asked[0]).isFalse();
    assertThat(new String(content.bytes(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("password: hush");
  }
}
