package io.provision.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TomlContentTest {
  @Test
  void aTableHasItsValuesFirstAndThenItsTables() {
    var runtime = new LinkedHashMap<String, Object>();
    runtime.put("cni", Map.of("bin_dirs", List.of("/opt/cni/bin", "/usr/lib/cni")));
    runtime.put("restrict_oom_score_adj", true);
    var values = new LinkedHashMap<String, Object>();
    values.put("plugins", Map.of("io.containerd.cri.v1.runtime", runtime));
    values.put("oom_score", -999L);
    values.put("share", new BigDecimal("1.30"));
    values.put("timeouts", Map.of());

    assertThat(TomlContent.text(values))
        .isEqualTo(
            """
            oom_score = -999
            share = 1.30

            [plugins."io.containerd.cri.v1.runtime"]
            restrict_oom_score_adj = true

            [plugins."io.containerd.cri.v1.runtime".cni]
            bin_dirs = ["/opt/cni/bin", "/usr/lib/cni"]

            [timeouts]
            """);
  }

  @Test
  void aListOfMapsIsAListOfInlineTables() {
    assertThat(TomlContent.text(Map.of("a", List.of(Map.of("b c", 1L), Map.of()))))
        .isEqualTo("a = [{ \"b c\" = 1 }, {}]\n");
  }

  @Test
  void noTextEndsItsQuotes() {
    assertThat(TomlContent.text(Map.of("k", "a\"b\\c\nd\te\u0001\u007fü🦑")))
        .isEqualTo("k = \"a\\\"b\\\\c\\nd\\te\\u0001\\u007fü🦑\"\n");
    assertThat(TomlContent.text(Map.of("k\"]\n[x", 1L))).isEqualTo("\"k\\\"]\\n[x\" = 1\n");
  }
}
