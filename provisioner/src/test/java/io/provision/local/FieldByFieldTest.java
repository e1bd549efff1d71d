package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.provision.desk.DeskChange.MergeKubeconfig;
import io.provision.desk.DeskException;
import io.provision.desk.DeskQuestion.KubeconfigEntry;
import io.provision.files.Custody;
import io.provision.model.Content;
import io.provision.remote.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of the operator with one field or one character that is not as it was: they are taken, or
 * refused with words for a person, and never end in an exception of ours.
 */
class FieldByFieldTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> VALUES =
      List.of(
          "null", "\"\"", "\"x\"", "7", "true", "[]", "{}", "[7]", "[null]", "[{}]", "{\"a\": 1}");
  private static final String SERVER = "https://192.168.56.11:6443";

  @TempDir Path home;

  @Test
  void aKubeconfigIsMergedIntoOrRefusedAndThenLeftAsItIs() throws Exception {
    var kubeconfig = new Kubeconfig(Clock.systemUTC());
    var file = home.resolve("config");
    var ours = TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY);
    Files.writeString(file, "clusters: []\ncontexts: []\nusers: []\n");
    merge(kubeconfig, file, ours);
    var whole = YAML.readTree(Files.readString(file));
    var refused = 0;
    var taken = 0;
    for (var broken : mutants(whole)) {
      var text = YAML.writeValueAsString(broken);
      Files.writeString(file, text);
      var entry = new KubeconfigEntry(file, "home");
      try {
        kubeconfig.look(entry);
        kubeconfig.credentials(entry);
        merge(kubeconfig, file, ours);
        assertThat(kubeconfig.look(entry).orElseThrow().server()).isEqualTo(SERVER);
        taken++;
      } catch (DeskException e) {
        assertThat(e.what()).as(text).contains(file.toString());
        assertThat(e.remedy()).isNotBlank();
        assertThat(Files.readString(file)).isEqualTo(text);
        refused++;
      }
      for (var left : leftovers(file)) {
        Files.delete(left);
      }
    }
    assertThat(refused).isPositive();
    assertThat(taken).isPositive();
  }

  @Test
  void aLockFileOfDigestsIsReadWholeOrRefusedWithItsLine() throws Exception {
    var file = home.resolve("provision.lock");
    var line = "%s  k3s/v1.36.4+k3s1/%s/k3s\n";
    var text =
        "# Digests\n"
            + line.formatted("a".repeat(64), "amd64")
            + line.formatted("b".repeat(64), "arm64");
    var custody = Custody.ofThisProcess(Map.of());
    var refused = 0;
    for (var at = 0; at < text.length(); at++) {
      for (var with : List.of("", "\0", "z", " ", "\n", "é", "00")) {
        Files.writeString(file, text.substring(0, at) + with + text.substring(at + 1));
        try {
          assertThat(PinFile.read(file, custody)).hasSizeLessThanOrEqualTo(2);
        } catch (DeskException e) {
          assertThat(e.what()).contains(file + ":");
          assertThat(e.remedy()).isNotBlank();
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(500);
  }

  @Test
  void oneArtifactWithTwoDigestsIsNotLeftToTheOrderOfLines() throws Exception {
    var file = home.resolve("provision.lock");
    Files.writeString(file, "a".repeat(64) + "  k3s\n" + "b".repeat(64) + "  k3s\n");
    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                    DeskException.class, () -> PinFile.read(file, Custody.ofThisProcess(Map.of())))
                .what())
        .contains(file + ":2:")
        .contains("k3s");
  }

  private List<Path> leftovers(Path file) throws IOException {
    try (var all = Files.list(home)) {
      return all.filter(it -> !it.equals(file)).toList();
    }
  }

  private static void merge(Kubeconfig kubeconfig, Path file, String source) throws DeskException {
    var bytes = source.getBytes(StandardCharsets.UTF_8);
    var payload = new Payload.Bytes(Content.of(source));
    kubeconfig.merge(new MergeKubeconfig(file, "home", "home", SERVER, payload), bytes, "cp1");
  }

  /** The document with each field taken away, and with each field in every other shape. */
  private static List<JsonNode> mutants(JsonNode whole) throws IOException {
    var mutants = new ArrayList<JsonNode>();
    for (var value : VALUES) {
      mutants.add(JSON.readTree(value));
    }
    for (var place : places(whole, "")) {
      mutants.add(changed(whole, place, parent -> remove(parent, place)));
      for (var value : VALUES) {
        var node = JSON.readTree(value);
        mutants.add(changed(whole, place, parent -> set(parent, place, node)));
      }
    }
    return mutants;
  }

  private static List<String> places(JsonNode node, String above) {
    var places = new ArrayList<String>();
    node.fieldNames()
        .forEachRemaining(name -> {
          var at = above + "/" + name.replace("~", "~0").replace("/", "~1");
          places.add(at);
          places.addAll(places(node.get(name), at));
        });
    for (var i = 0; node.isArray() && i < node.size(); i++) {
      places.add(above + "/" + i);
      places.addAll(places(node.get(i), above + "/" + i));
    }
    return places;
  }

  private static JsonNode changed(JsonNode whole, String place, Consumer<JsonNode> change) {
    var copy = whole.deepCopy();
    change.accept(copy.at(place.substring(0, place.lastIndexOf('/'))));
    return copy;
  }

  private static String last(String place) {
    return place.substring(place.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
  }

  private static void remove(JsonNode parent, String place) {
    switch (parent) {
      case ObjectNode object -> object.remove(last(place));
      case ArrayNode array -> array.remove(Integer.parseInt(last(place)));
      default -> throw new IllegalStateException("not in a tree: " + parent);
    }
  }

  private static void set(JsonNode parent, String place, JsonNode value) {
    switch (parent) {
      case ObjectNode object -> object.set(last(place), value);
      case ArrayNode array -> array.set(Integer.parseInt(last(place)), value);
      default -> throw new IllegalStateException("not in a tree: " + parent);
    }
  }
}
