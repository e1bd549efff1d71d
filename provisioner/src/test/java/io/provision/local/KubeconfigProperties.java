package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.provision.desk.DeskChange.MergeKubeconfig;
import io.provision.model.Content;
import io.provision.remote.Payload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class KubeconfigProperties {
  private static final String SOURCE = TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY);

  /** An entry of any of the three lists. */
  record Named(String name, Map<String, String> body) {}

  @Provide
  Arbitrary<List<Named>> entries() {
    var text =
        Arbitraries.strings()
            .withChars("abz09 :#-{}[]'\"\\\n\t&*!|>%@`~=,?.")
            .withChars('\u00e4', '\u4e16')
            .ofMaxLength(12);
    var odd = Arbitraries.of("no", "1.30", "0123", "null", "~", "", "true", "2001-01-01", "1e3");
    var value = Arbitraries.oneOf(text, odd);
    var name = value.map(it -> "x" + it);
    return Combinators.combine(name, Arbitraries.maps(name, value).ofMaxSize(4))
        .as(Named::new)
        .list()
        .uniqueElements(Named::name)
        .ofMaxSize(5);
  }

  @Property(tries = 300)
  void otherEntriesKeepTheirMeaning(
      @ForAll("entries") List<Named> clusters,
      @ForAll("entries") List<Named> users,
      @ForAll("entries") List<Named> contexts,
      @ForAll boolean json)
      throws Exception {
    var before = new YAMLMapper().createObjectNode();
    before.put("apiVersion", "v1");
    fill(before.putArray("clusters"), "cluster", clusters);
    before.put("unknown", "0x10");
    fill(before.putArray("users"), "user", users);
    fill(before.putArray("contexts"), "context", contexts);

    var after = merged(json ? before.toString() : yaml(before));

    assertThat(after.get("apiVersion")).isEqualTo(before.get("apiVersion"));
    assertThat(after.get("unknown")).isEqualTo(before.get("unknown"));
    for (var list : List.of("clusters", "users", "contexts")) {
      assertThat(after.get(list)).hasSize(before.get(list).size() + 1);
      for (var i = 0; i < before.get(list).size(); i++) {
        assertThat(after.get(list).get(i)).isEqualTo(before.get(list).get(i));
      }
    }
    assertThat(after.get("current-context").textValue()).isEqualTo("home");
  }

  private static JsonNode merged(String text) throws Exception {
    var directory = Files.createTempDirectory("kubeconfig");
    var file = directory.resolve("config");
    try {
      Files.writeString(file, text);
      var change =
          new MergeKubeconfig(
              file, "home", "home", "https://[fd00::1]:6443", new Payload.Bytes(Content.of("")));
      new Kubeconfig(Clock.systemUTC())
          .merge(change, SOURCE.getBytes(StandardCharsets.UTF_8), "cp1");
      return new YAMLMapper().readTree(Files.readString(file));
    } finally {
      try (var files = Files.walk(directory)) {
        files.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      }
    }
  }

  private static void fill(ArrayNode list, String body, List<Named> entries) {
    for (var entry : entries) {
      ObjectNode item = list.addObject();
      item.put("name", entry.name());
      var values = item.putObject(body);
      entry.body().forEach(values::put);
    }
  }

  private static String yaml(JsonNode node) throws Exception {
    return new YAMLMapper()
        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
        .writeValueAsString(node);
  }
}
